// @ts-check
/** The sign-in itself: the agent asks on the page's screens, until there is an assertion. */

import { suggestPasskeys } from './autofill.js'
import { furnish } from './blankpage.js'
import { hostNow } from './hosttime.js'
import { createIdpWindow } from './idpwindow.js'
import { runningAgent } from './loader.js'
import { knowsPasskeys, makesPasskeys } from './passkeys.js'

/**
 * A question of the agent's: agent/screens.go is the source. Codes and parameters, no text.
 *
 * @typedef {object} Screen
 * @property {string} screen
 * @property {string} [email]
 * @property {string[]} [identities]
 * @property {string} [authority]
 * @property {string} [waiting]
 * @property {string} [reason]
 * @property {string} [code]
 * @property {string} [notice]
 * @property {boolean} [notMyDevice]
 * @property {boolean} [canGoBack]
 * @property {Record<string, string>} [display] how people read domains
 * @property {string} [challenge] of the code that was mailed
 * @property {string} [words] in the mail too
 * @property {number} [resendAt] in the host's milliseconds, as the next two
 * @property {number} [expires]
 * @property {number} [retryAt]
 * @property {number} [left] tries
 * @property {import('./accountview.js').Account} [account] of the host's own pages
 * @property {string} [name] of a passkey
 * @property {string} [detail] of a site's mistake, for its developers
 * @property {() => void} [showWindow] brings the provider's window to the front
 */

/**
 * @typedef {object} Answer
 * @property {string} action
 * @property {string} [email]
 * @property {string[]} [identities]
 * @property {string} [code]
 * @property {boolean} [notMyDevice]
 * @property {string} [id] of a passkey, or of a session
 * @property {string} [name] of a passkey
 */

/**
 * The answers that are for opening the provider's window, by the screen or its error.
 *
 * @type {Record<string, string>}
 */
const OPENS_WINDOW = { continue: 'next', popup_blocked: 'retry' }

/** The screens that this browser has nothing for, by what it would have to be able to do. */
const NEEDS = { passkey: makesPasskeys, unlock: async () => knowsPasskeys() }

/**
 * Signs in, again and again for as long as the person wants to retry.
 *
 * @param {object} config
 * @param {import('./winchan.js').Request} config.request
 * @param {import('./text.js').Texts} config.texts
 * @param {ReturnType<typeof import('./screens.js').createScreens>} config.screens
 * @param {ReturnType<typeof import('./prelude.js').createPrelude>} [config.prelude] the answers
 *   that have been given before the agent was there
 * @param {import('./redirect.js').Journey} [config.journey] where there are no windows
 * @param {AbortSignal} config.left the window is closing: what breaks now is nobody's error
 * @returns the agent's result with what is for the site's frames, or undefined if the person gave up
 */
export async function signIn({ request, texts, screens, prelude, journey, left }) {
  const page = createPage(texts, screens, prelude, journey)
  for (;;) {
    try {
      const { agent, crashed } = await runningAgent()
      journey?.rewind()
      agent.prepare({ algorithms: request.params.algorithms })
      const signedIn = agent.signIn({ ...request, now: hostNow() }, page)
      const result = await Promise.race([signedIn, crashed])
      return { ...result, bridge: bridgeOf(agent, request, result) }
    } catch (error) {
      prelude?.stop()
      const { code = 'internal' } = /** @type {{ code?: string }} */ (error)
      if (code === 'cancelled' || left.aborted) return undefined
      console.error(error)
      const { action } = await screens.ask({ screen: 'error', code })
      if (action !== 'retry') return undefined
      journey?.restart()
    }
  }
}

/**
 * The page as the agent sees it.
 *
 * @param {import('./text.js').Texts} texts
 * @param {ReturnType<typeof import('./screens.js').createScreens>} screens
 * @param {ReturnType<typeof import('./prelude.js').createPrelude>} [prelude]
 * @param {import('./redirect.js').Journey} [journey]
 */
function createPage(texts, screens, prelude, journey) {
  const idpWindow = createIdpWindow(window, (blank) => furnish(blank, document, texts))
  /** @type {(screen: Screen) => Screen} */
  const withWindow = (screen) => {
    const isAwaited = screen.waiting === 'window' && idpWindow.isOpen()
    return isAwaited ? { ...screen, showWindow: idpWindow.show } : screen
  }
  return {
    /** @param {Screen} screen */
    async ask(screen) {
      const before = journey?.answerTo(screen) ?? (await unable(screen))
      if (before) return before
      const early = prelude?.answerTo(screen)
      if (early) screens.notice(screen.notice)
      const end = screen.screen === 'enter' && suggestPasskeys(screens.answer)
      const answer = await (early ?? screens.ask(withWindow(screen)))
      if (end) end()
      journey?.note(screen, answer)
      // Still in the click: browsers open no window later.
      if (OPENS_WINDOW[screen.code ?? screen.screen] === answer.action) idpWindow.openForClick()
      return answer
    },
    openWindow: idpWindow.take,
    journey,
  }
}

/**
 * The answer to a question about passkeys in a browser that has none.
 *
 * @param {Screen} screen
 * @returns {Promise<Answer | undefined>}
 */
async function unable({ screen }) {
  const isAble = NEEDS[/** @type {keyof typeof NEEDS} */ (screen)]
  return isAble && !(await isAble()) ? { action: 'other' } : undefined
}

/**
 * What the communication frames of a site that observes are to be given (design 6.2); for another
 * site, and on a device that is not the person's own, there is nothing (G6).
 *
 * @param {import('./loader.js').Agent} agent
 * @param {import('./winchan.js').Request} request
 * @param {import('./loader.js').SignedIn} result
 */
function bridgeOf(agent, { origin, params }, { email, notMyDevice }) {
  if (notMyDevice || !String(params.rp_api).startsWith('watch_')) return undefined
  const ahead = hostNow() - Date.now()
  try {
    localStorage.setItem('navid.ahead', String(ahead)) // for the frames that may read it themselves
  } catch {
    // no room: they go by the browser's clock
  }
  return async () => ({ origin, email, ahead, ...(await agent.bridge(email)) })
}
