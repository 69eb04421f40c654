// @ts-check
/** Shows one screen at a time, each a question whose answer is a promise. */

import { element, phrase } from './dom.js'
import { views as firstViews } from './views.js'

/** @typedef {import('./signin.js').Screen} Screen */
/** @typedef {import('./signin.js').Answer} Answer */

/**
 * What a view works with.
 *
 * @typedef {object} Context
 * @property {import('./text.js').Texts} texts
 * @property {(answer: Answer) => void} answer
 * @property {(address: string) => string} named an address, or a domain, as people read it
 * @property {{ notMyDevice: boolean }} memory what outlives a screen
 */

/** How long an answered screen stands before the page says that it is waiting. */
const PATIENCE = 300

/** How long until waiting is called slow (B1.17). */
const SLOW = 10_000

/**
 * @param {object} config
 * @param {Document} config.document
 * @param {import('./text.js').Texts} config.texts
 * @param {() => void} config.onDrawn told when a screen has been drawn
 * @param {() => void} config.onAbandon told when the person cancels where no question stands
 */
export function createScreens({ document, texts, onDrawn, onAbandon }) {
  const main = /** @type {HTMLElement} */ (document.querySelector('main'))
  const status = /** @type {HTMLElement} */ (document.querySelector('#status'))
  /** @type {Context} */
  const context = { texts, answer, named, memory: { notMyDevice: false } }
  const views = { ...firstViews }
  /** @type {Record<string, string>} */
  const display = {}
  /** @type {((answer: Answer) => void) | undefined} the question that stands */
  let settle
  /** @type {HTMLElement} */
  let focused = main
  let drawTimer = 0
  let slowTimer = 0

  /** Loads what the first screens do not need: how the others look, and all their texts. */
  async function complete() {
    const [{ laterViews }] = await Promise.all([import('./laterviews.js'), texts.complete()])
    Object.assign(views, laterViews)
  }

  /**
   * Asks; a question that still stands is superseded.
   *
   * @param {Screen} screen
   * @returns {Promise<Answer>}
   */
  function ask(screen) {
    settle?.({ action: 'superseded' })
    clearTimeout(drawTimer)
    Object.assign(display, screen.display)
    // Waiting that is over at once is not worth a screen.
    if (screen.screen === 'wait' && main.inert) drawTimer = setTimeout(draw, PATIENCE, screen)
    else draw(screen)
    return new Promise((resolve) => (settle = resolve))
  }

  /** @param {string} address */
  function named(address) {
    const [domain] = /[^@]*$/.exec(address) ?? ['']
    const name = Object.hasOwn(display, domain) ? display[domain] : domain
    return address.slice(0, address.length - domain.length) + name
  }

  /** @param {Answer} given */
  async function answer(given) {
    main.inert = true // one answer only
    settle?.(given)
    settle = undefined
    // Between an answer and the next question there is a way out too (design 9).
    const { action } = await ask({ screen: 'wait', waiting: 'moment' })
    if (action === 'cancel') onAbandon()
  }

  /** @param {Screen} screen */
  function draw(screen) {
    clearTimeout(slowTimer)
    const isKnown = Object.hasOwn(views, screen.screen)
    const shown = isKnown ? screen : { screen: 'error', code: 'internal' }
    const { nodes, focus } = views[shown.screen](shown, context)
    main.dataset.screen = shown.screen
    main.setAttribute('aria-busy', String(shown.screen === 'wait'))
    main.inert = false
    main.replaceChildren(...nodes)
    status.replaceChildren()
    notice(screen.notice)
    if (shown.screen === 'wait') announceWaiting(shown, nodes)
    focused = focus
    refocus()
    onDrawn()
  }

  /**
   * @param {Screen} screen
   * @param {HTMLElement[]} nodes
   */
  function announceWaiting({ waiting }, nodes) {
    const title = nodes.find((node) => node.matches('h1'))
    status.replaceChildren(title?.textContent ?? '')
    if (waiting === 'window') return // as long as the person takes
    slowTimer = setTimeout(() => {
      title?.nextElementSibling?.replaceChildren(...phrase(texts, 'wait.slow'))
      status.replaceChildren(...phrase(texts, 'wait.slow'))
    }, SLOW)
  }

  /**
   * Says something by the way, above the screen that is shown.
   *
   * @param {string} [code]
   */
  function notice(code) {
    if (!code || !texts.has(`notice.${code}`)) return
    main.prepend(
      element('p', { class: 'notice', role: 'status' }, ...phrase(texts, `notice.${code}`)),
    )
  }

  function refocus() {
    focused.focus({ preventScroll: true })
  }

  document.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing && settle) answer({ action: 'cancel' })
  })

  return { ask, answer, complete, notice, refocus }
}
