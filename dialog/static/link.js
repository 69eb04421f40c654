// @ts-check
/**
 * The pages that the links in mails lead to. A link's secret is in its fragment, which no server
 * and no log sees, and leaves the address bar at once. Opening such a page changes nothing, for
 * scanners of mail open every link: only the press of its one button does.
 */

import { ask } from './api.js'
import { element, phrase } from './dom.js'
import { inWords } from './duration.js'
import { actions, button, heading, paragraph } from './views.js'
import { loadTexts } from './text.js'

/**
 * Takes the secret out of the address bar.
 *
 * @param {Window} window
 * @returns {string} '' if there is none
 */
export function takeToken({ location, history }) {
  const token = location.hash.slice(1)
  if (location.hash) history.replaceState(null, '', location.pathname)
  return /^[\w-]{16,128}$/.test(token) ? token : ''
}

/**
 * Shows the page: a question with one button, and what came of its press.
 *
 * @param {object} link
 * @param {string} link.name of the page's texts
 * @param {string} link.question for the host
 * @param {(texts: import('./text.js').Texts, answer: any) => HTMLElement[]} link.done
 */
export async function showLinkPage({ name, question, done }) {
  const token = takeToken(window)
  const texts = await loadTexts(document.documentElement.lang)
  const params = { host: location.host }
  document.title = `${texts.plain(`${name}.title`)} – ${location.host}`
  if (!token) return draw(saying(texts, `${name}.missing`, params))
  const go = button('go', texts, `${name}.go`, press, 'primary')
  draw([...saying(texts, name, params), actions(go)])

  async function press() {
    go.toggleAttribute('disabled', true)
    try {
      draw(done(texts, await ask(question, { token })))
    } catch (error) {
      explain(/** @type {import('./api.js').Refusal} */ (error))
    }
  }

  /** @param {import('./api.js').Refusal} refusal */
  function explain({ code, retryAfter = 60 }) {
    const key = `${name}.problem.${code}`
    const isFinal = texts.has(`${key}.title`)
    const wait = inWords(retryAfter * 1000, texts.language)
    const why = isFinal ? key : texts.has(`link.${code}.title`) ? `link.${code}` : 'link.internal'
    const again = isFinal ? [] : [actions(button('go', texts, 'action.retry', press, 'primary'))]
    draw([...saying(texts, why, { ...params, wait }), ...again])
  }
}

/**
 * A heading and a sentence.
 *
 * @param {import('./text.js').Texts} texts
 * @param {string} name
 * @param {import('./text.js').Params} [params]
 */
export function saying(texts, name, params) {
  return [heading(texts, `${name}.title`, params), paragraph(texts, `${name}.text`, params)]
}

/**
 * The code to be typed elsewhere, in two halves that are easy to read out.
 *
 * @param {string} code
 */
export function codeToType(code) {
  const halves = [code.slice(0, 3), code.slice(3)].map((half) => element('span', {}, half))
  return element('p', { id: 'code-to-type', dir: 'ltr' }, ...halves)
}

/** @param {HTMLElement[]} nodes */
function draw(nodes) {
  const main = /** @type {HTMLElement} */ (document.querySelector('main'))
  main.toggleAttribute('data-armed', true)
  main.replaceChildren(...nodes)
  main.querySelector('h1')?.focus()
}

/** @type {(texts: import('./text.js').Texts, key: string, params?: import('./text.js').Params) => HTMLElement} */
export const hint = (texts, key, params) =>
  element('p', { class: 'quiet' }, ...phrase(texts, key, params))
