// @ts-check
/** The sign-in itself: the agent asks on the page's screens, until there is an assertion. */

import { furnish } from './blankpage.js'
import { createIdpWindow } from './idpwindow.js'
import { loadAgent } from './loader.js'

/** @typedef {import('./screens.js').Screen} Screen */

/**
 * The answers that are for opening the provider's window, by the screen or its error.
 *
 * @type {Record<string, string>}
 */
const OPENS_WINDOW = { continue: 'next', popup_blocked: 'retry' }

/**
 * Signs in, again and again for as long as the person wants to retry.
 *
 * @param {object} config
 * @param {import('./winchan.js').Request} config.request
 * @param {import('./text.js').Texts} config.texts
 * @param {ReturnType<typeof import('./screens.js').createScreens>} config.screens
 * @param {ReturnType<typeof import('./prelude.js').createPrelude>} config.prelude the answers that
 *   have been given before the agent was there
 * @param {AbortSignal} config.left the window is closing: what breaks now is nobody's error
 * @returns the agent's result, or undefined if the person gave up
 */
export async function signIn({ request, texts, screens, prelude, left }) {
  const page = createPage(texts, screens, prelude)
  for (;;) {
    try {
      const { agent, crashed } = await runningAgent()
      agent.prepare({ algorithms: request.params.algorithms })
      const signedIn = agent.signIn({ ...request, now: hostNow() }, page)
      return await Promise.race([signedIn, crashed])
    } catch (error) {
      prelude.stop()
      const { code = 'internal' } = /** @type {{ code?: string }} */ (error)
      if (code === 'cancelled' || left.aborted) return undefined
      console.error(error)
      const { action } = await screens.ask({ screen: 'error', code })
      if (action !== 'retry') return undefined
    }
  }
}

/**
 * The page as the agent sees it.
 *
 * @param {import('./text.js').Texts} texts
 * @param {ReturnType<typeof import('./screens.js').createScreens>} screens
 * @param {ReturnType<typeof import('./prelude.js').createPrelude>} prelude
 */
function createPage(texts, screens, prelude) {
  const idpWindow = createIdpWindow(window, (blank) => furnish(blank, document, texts))
  return {
    /** @param {Screen} screen */
    async ask(screen) {
      const early = prelude.answerTo(screen)
      if (early) screens.notice(screen.notice)
      const answer = await (early ?? screens.ask(screen))
      // Still in the click: browsers open no window later.
      if (OPENS_WINDOW[screen.code ?? screen.screen] === answer.action) idpWindow.openForClick()
      return answer
    },
    openWindow: idpWindow.take,
  }
}

/** @type {ReturnType<typeof loadAgent> | undefined} */
let running

/** The agent, started once; one that has failed to start, or has crashed, is started anew. */
function runningAgent() {
  if (!running) {
    running = loadAgent({ wasm: meta('navid-agent'), wasmExec: meta('navid-wasm-exec') })
    running.then(({ crashed }) => crashed).catch(() => (running = undefined))
  }
  return running
}

/** The login host's time in milliseconds, since browsers' clocks are often wrong. */
function hostNow() {
  const [navigation] = performance.getEntriesByType('navigation')
  const { responseStart } = /** @type {PerformanceNavigationTiming} */ (navigation)
  return Math.round(Number(meta('navid-now')) + performance.now() - responseStart)
}

/** @param {string} name */
function meta(name) {
  return /** @type {HTMLMetaElement} */ (document.querySelector(`meta[name=${name}]`)).content
}
