// @ts-check
/** The screens for passkeys. The ceremonies are the page's; the agent hears what came of them. */

import { element, isolated, phrase } from './dom.js'
import { deviceName, makePasskey, usePasskey } from './passkeys.js'
import { actions, button, cancelButton, heading, paragraph } from './views.js'

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Context} Context */
/** @typedef {(screen: Screen, context: Context) => import('./views.js').View} ViewOf */

/** @type {Record<string, ViewOf>} */
export const passkeyViews = { passkey: offer, unlock, choose }

/** @type {ViewOf} */
function offer({ email = '' }, { texts, answer, named }) {
  const make = async () => {
    await makePasskey(deviceName())
    answer({ action: 'enrol' })
  }
  const other = button('not-now', texts, 'passkey.later', () => answer({ action: 'next' }))
  return ceremony(texts, 'passkey', { email: named(email) }, make, [other])
}

/** @type {ViewOf} */
function unlock({ email = '', canGoBack, notMyDevice }, { texts, answer, named }) {
  const use = async () => {
    await usePasskey({ elsewhere: notMyDevice })
    answer({ action: 'passkey' })
  }
  const others = [
    button('other', texts, 'unlock.mail', () => answer({ action: 'other' })),
    canGoBack && button('back', texts, 'action.back', () => answer({ action: 'back' })),
    cancelButton(texts, answer),
  ]
  return ceremony(texts, 'unlock', { email: named(email) }, use, others)
}

/**
 * A screen whose first button begins a ceremony of the browser's.
 *
 * @param {import('./text.js').Texts} texts
 * @param {string} name
 * @param {import('./text.js').Params} params
 * @param {() => Promise<void>} run
 * @param {(HTMLElement | false | undefined)[]} others
 */
function ceremony(texts, name, params, run, others) {
  const problem = element('p', { class: 'problem', role: 'alert' })
  const text = paragraph(texts, `${name}.text`, params)
  const go = button(`${name}-go`, texts, `${name}.go`, begin, 'primary')
  text.id = `${name}-text`
  go.setAttribute('aria-describedby', text.id)

  async function begin() {
    go.toggleAttribute('disabled', true)
    problem.replaceChildren()
    try {
      await run()
    } catch (error) {
      const { code } = /** @type {import('./api.js').Refusal} */ (error)
      const key = `passkey.problem.${code}`
      problem.append(...phrase(texts, texts.has(key) ? key : 'passkey.problem.internal'))
      go.toggleAttribute('disabled', false)
      go.focus()
    }
  }
  const nodes = [heading(texts, `${name}.title`, params), text, problem, actions(go, ...others)]
  return { nodes, focus: go }
}

/** @type {ViewOf} */
function choose({ identities = [], canGoBack }, { texts, answer, named }) {
  const title = heading(texts, 'choose.title')
  const rows = identities.map((email) => {
    const click = () => answer({ action: 'next', email })
    const attributes = { type: 'button', class: 'identity', 'data-email': email, click }
    return element('li', {}, element('button', attributes, isolated(named(email))))
  })
  const list = element('ul', { class: 'addresses' }, ...rows)
  const row = actions(
    canGoBack && button('back', texts, 'action.back', () => answer({ action: 'back' })),
    cancelButton(texts, answer),
  )
  return { nodes: [title, list, row], focus: title }
}
