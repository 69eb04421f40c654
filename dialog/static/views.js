// @ts-check
/**
 * What each screen looks like: a screen of the agent in, elements and where to put the focus out.
 * Here are the first ones; what comes after them is in laterviews.js.
 */

import { isAddress, normalizeAddress } from './address.js'
import { element, isolated, phrase } from './dom.js'

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Context} Context */
/** @typedef {{ nodes: HTMLElement[], focus: HTMLElement }} View */

/** @type {Record<string, (screen: Screen, context: Context) => View>} */
export const views = {
  enter,
  pick: (screen, context) =>
    screen.identities?.length === 1 ? pickOne(screen, context) : pickOneOf(screen, context),
  wait,
  incomplete: (_, { texts }) => statement(texts, 'incomplete'),
}

/** @type {(screen: Screen, context: Context) => View} */
function enter({ email, code, canGoBack }, { texts, answer, memory }) {
  const problem = element('p', { id: 'email-problem', class: 'problem', role: 'alert' })
  const input = /** @type {HTMLInputElement} */ (
    element('input', {
      id: 'email',
      name: 'email',
      type: 'email',
      dir: 'ltr',
      value: email ?? '',
      autocapitalize: 'none',
      autocorrect: 'off',
      spellcheck: 'false',
      enterkeyhint: 'next',
      maxlength: '254',
      placeholder: texts.plain('enter.example'),
      'aria-describedby': 'email-problem',
    })
  )
  const shared = deviceChoice({ texts, memory, input })

  /** @param {string} key */
  function complain(key) {
    problem.replaceChildren(...phrase(texts, key))
    input.setAttribute('aria-invalid', 'true')
    input.focus()
  }
  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    const address = normalizeAddress(input.value)
    if (address === '') complain('enter.missing')
    else if (!isAddress(address)) complain('error.invalid_email.text')
    else answer({ action: 'next', email: address, notMyDevice: memory.notMyDevice })
  }
  if (code) complain(`error.${code}.text`)

  const form = element(
    'form',
    { novalidate: true, submit },
    heading(texts, 'enter.title'),
    element('label', { for: 'email' }, ...phrase(texts, 'enter.label')),
    input,
    problem,
    shared,
    actions(
      element('button', { id: 'next', class: 'primary' }, ...phrase(texts, 'action.next')),
      canGoBack && button('back', texts, 'action.back', () => answer({ action: 'back' })),
      cancelButton(texts, answer),
    ),
  )
  return { nodes: [form], focus: input }
}

/** The quiet question whether the device is the person's own (G6). */
function deviceChoice(
  /** @type {Pick<Context, 'texts' | 'memory'> & { input: HTMLInputElement }} */
  { texts, memory, input },
) {
  const change = () => {
    memory.notMyDevice = box.checked
    // What is typed on somebody else's device is not for its browser to suggest later.
    input.setAttribute('autocomplete', box.checked ? 'off' : 'username webauthn')
  }
  const box = /** @type {HTMLInputElement} */ (
    element('input', {
      id: 'not-my-device',
      type: 'checkbox',
      checked: memory.notMyDevice,
      change,
      'aria-describedby': 'not-my-device-hint',
    })
  )
  change()
  return element(
    'div',
    { class: 'choice' },
    box,
    element('label', { for: 'not-my-device' }, ...phrase(texts, 'enter.device')),
    element(
      'p',
      { id: 'not-my-device-hint', class: 'quiet' },
      ...phrase(texts, 'enter.device.hint'),
    ),
  )
}

/** @type {(screen: Screen, context: Context) => View} */
function pickOne({ identities = [] }, { texts, answer, named }) {
  const [email] = identities
  const title = heading(texts, 'pick.one.title')
  const text = phrase(texts, 'pick.continue', { email: named(email) })
  const use = identityButton(email, answer, 'primary', ...text)
  const row = actions(otherButton(texts, answer), cancelButton(texts, answer))
  const remove = removeButton(email, answer, {}, ...phrase(texts, 'action.remove'))
  return { nodes: [title, use, row, remove], focus: use }
}

/** @type {(screen: Screen, context: Context) => View} */
function pickOneOf({ identities = [] }, { texts, answer, named }) {
  const title = heading(texts, 'pick.title')
  const rows = identities.map((email) => {
    const name = texts.plain('pick.remove', { email: named(email) })
    const use = identityButton(email, answer, '', isolated(named(email)))
    return element('li', {}, use, removeButton(email, answer, { 'aria-label': name, title: name }))
  })
  const list = element('ul', { class: 'addresses' }, ...rows)
  const row = actions(otherButton(texts, answer), cancelButton(texts, answer))
  return { nodes: [title, list, row], focus: title }
}

/**
 * @param {string} email
 * @param {Context['answer']} answer
 * @param {string} kind
 * @param {...import('./dom.js').Child} content
 */
function identityButton(email, answer, kind, ...content) {
  const click = () => answer({ action: 'next', email })
  const attributes = { type: 'button', class: `identity ${kind}`, 'data-email': email, click }
  return element('button', attributes, element('span', {}, ...content))
}

/**
 * @param {string} email
 * @param {Context['answer']} answer
 * @param {Record<string, string>} name
 * @param {...import('./dom.js').Child} content
 */
function removeButton(email, answer, name, ...content) {
  const click = () => answer({ action: 'remove', email })
  return element('button', { type: 'button', class: 'remove', click, ...name }, ...content)
}

/** @type {(screen: Screen, context: Context) => View} */
function wait(screen, { texts, answer, named }) {
  const { waiting, email = '', authority = '', canGoBack, showWindow } = screen
  const domain = named(authority || domainOf(email))
  const params = { email: named(email), authority: named(authority), domain }
  const title = heading(texts, `wait.${waiting}.title`, params)
  const row = actions(
    showWindow && button('show-window', texts, 'action.show', showWindow, 'primary'),
    canGoBack && button('back', texts, 'action.back', () => answer({ action: 'back' })),
    cancelButton(texts, answer),
  )
  const spinner = element('div', { class: 'spinner', 'aria-hidden': 'true' })
  const nodes = [spinner, title, paragraph(texts, `wait.${waiting}.text`, params), row]
  return { nodes, focus: title }
}

/** A screen that asks nothing. */
export function statement(
  /** @type {import('./text.js').Texts} */ texts,
  /** @type {string} */ name,
) {
  const title = heading(texts, `${name}.title`)
  return { nodes: [title, paragraph(texts, `${name}.text`)], focus: title }
}

/** @typedef {[texts: import('./text.js').Texts, key: string, params?: import('./text.js').Params]} Phrase */

export const heading = (/** @type {Phrase} */ ...text) =>
  element('h1', { tabindex: '-1' }, ...phrase(...text))

export const paragraph = (/** @type {Phrase} */ ...text) => element('p', {}, ...phrase(...text))

/**
 * A row of buttons, the primary one first. Where they do not fit, the others are on a line of their own together.
 *
 * @param {(HTMLElement | false | undefined)[]} buttons
 */
export function actions(...buttons) {
  const present = buttons.filter((button) => button instanceof HTMLElement)
  const primary = present.filter((button) => button.matches('.primary'))
  const others = present.filter((button) => !button.matches('.primary'))
  const row = element('div', { class: 'actions' }, ...primary)
  if (others.length > 0) row.append(element('div', { class: 'others' }, ...others))
  return row
}

/**
 * @param {string} id
 * @param {import('./text.js').Texts} texts
 * @param {string} key
 * @param {() => void} click
 * @param {string} [kind]
 */
export function button(id, texts, key, click, kind) {
  return element(
    'button',
    { id, type: 'button', class: kind || undefined, click },
    ...phrase(texts, key),
  )
}

/** @typedef {(texts: import('./text.js').Texts, answer: Context['answer']) => HTMLElement} AnswerButton */

/** @type {AnswerButton} */
const otherButton = (texts, answer) =>
  button('other', texts, 'action.other', () => answer({ action: 'other' }))

/** @type {AnswerButton} */
export const cancelButton = (texts, answer) =>
  button('cancel', texts, 'action.cancel', () => answer({ action: 'cancel' }))

/** @param {string} email */
export function domainOf(email) {
  return email.slice(email.lastIndexOf('@') + 1)
}
