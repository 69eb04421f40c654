// @ts-check
/** What the account page looks like, as in views.js. */

import { element, isolated, phrase } from './dom.js'
import { ago } from './duration.js'
import { hostNow } from './hosttime.js'
import { knowsPasskeys } from './passkeys.js'
import { actions, button, heading, paragraph } from './views.js'

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Context} Context */
/** @typedef {import('./dom.js').Child} Child */
/** @typedef {{ email: string, method: string, proven: number, provable: boolean }} Address */
/** @typedef {{ id: string, name: string, created: number, used: number }} Passkey */
/** @typedef {{ id: string, browser: string, created: number, seen: number, current: boolean }} Session */
/** @typedef {{ email: string, at: number, expires: number, browser: string }} Certificate */
/**
 * @typedef {object} Account what the host answers; times are its milliseconds
 * @property {boolean} elsewhere the device is not the person's own
 * @property {Address[]} addresses provable: to be proven again
 * @property {Passkey[]} passkeys
 * @property {Session[]} sessions
 * @property {Certificate[]} certificates the latest first
 */
/** @typedef {(screen: Screen, context: Context) => import('./views.js').View} ViewOf */

/** @type {Record<string, ViewOf>} */
export const accountViews = { account: accountView, sure, rename }

/** @type {ViewOf} */
function accountView({ account }, context) {
  const { addresses, passkeys, sessions, certificates, elsewhere } = /** @type {Account} */ (
    account
  )
  const { texts } = context
  const title = heading(texts, 'account.title')
  const add = button('add', texts, 'account.add', () => context.answer({ action: 'add' }))
  const enrol = button('enrol', texts, 'account.enrol', () => context.answer({ action: 'enrol' }))
  const isProven = addresses.some(({ provable }) => !provable)
  const nodes = [
    title,
    section(texts, 'addresses', rows(addresses, addressRow, context), actions(add)),
    section(
      texts,
      'passkeys',
      rows(passkeys, passkeyRow, context),
      ...(knowsPasskeys() && isProven && !elsewhere ? [actions(enrol)] : []),
    ),
    section(texts, 'sessions', rows(sessions, sessionRow, context), leaving(context)),
    section(texts, 'certificates', certificateList(certificates, context)),
    section(texts, 'data', dataActions(context)),
  ]
  return { nodes, focus: title }
}

/**
 * @param {import('./text.js').Texts} texts
 * @param {string} name
 * @param {...Child} content
 */
function section(texts, name, ...content) {
  const title = element('h2', { id: `${name}-title` }, ...phrase(texts, `account.${name}`))
  const text = element('p', { class: 'quiet' }, ...phrase(texts, `account.${name}.text`))
  return element('section', { id: name, 'aria-labelledby': title.id }, title, text, ...content)
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T, context: Context) => HTMLElement} row
 * @param {Context} context
 */
function rows(items, row, context) {
  return element('ul', { class: 'rows' }, ...items.map((item) => row(item, context)))
}

/**
 * @param {Child[]} name
 * @param {Child[]} facts
 * @param {HTMLElement[]} buttons
 */
function row(name, facts, ...buttons) {
  const text = element(
    'div',
    {},
    element('p', { class: 'name' }, ...name),
    element('p', { class: 'quiet' }, ...facts),
  )
  return element('li', {}, text, element('div', { class: 'ways' }, ...buttons))
}

/**
 * A button of a row, whose whole name says which row it is of.
 *
 * @param {Context} context
 * @param {string} key
 * @param {string} of
 * @param {import('./screens.js').Answer} given
 */
function way({ texts, answer }, key, of, given) {
  const click = () => answer(given)
  const label = `${texts.plain(key)}: ${of}`
  return element('button', { type: 'button', click, 'aria-label': label }, ...phrase(texts, key))
}

/** @type {(address: Address, context: Context) => HTMLElement} */
function addressRow({ email, proven, provable }, context) {
  const { texts, named } = context
  const again = way(context, 'account.prove', named(email), { action: 'add', email })
  const remove = way(context, 'account.remove', named(email), { action: 'remove', email })
  if (provable) return row([isolated(named(email))], phrase(texts, 'account.lapsed'), again)
  const facts = phrase(texts, 'account.proven', { when: when(proven, texts) })
  return row([isolated(named(email))], facts, remove)
}

/** @type {(passkey: Passkey, context: Context) => HTMLElement} */
function passkeyRow({ id, name, created, used }, context) {
  const { texts } = context
  const times = { created: when(created, texts), used: when(used, texts) }
  return row(
    [isolated(name)],
    phrase(texts, 'account.passkey', times),
    way(context, 'account.rename', name, { action: 'rename', id, name }),
    way(context, 'account.remove', name, { action: 'unenrol', id, name }),
  )
}

/** @type {(session: Session, context: Context) => HTMLElement} */
function sessionRow({ id, browser, created, seen, current }, context) {
  const { texts } = context
  const times = { created: when(created, texts), seen: when(seen, texts) }
  const facts = phrase(texts, current ? 'account.here' : 'account.session', times)
  const end = way(context, 'account.end', browser, { action: 'end', id })
  return row([isolated(browser)], facts, ...(current ? [] : [end]))
}

/** @type {(context: Context) => HTMLElement} */
function leaving({ texts, answer }) {
  return actions(
    button('sign-out', texts, 'account.sign_out', () => answer({ action: 'sign_out' })),
    button('sign-out-everywhere', texts, 'account.sign_out_everywhere', () =>
      answer({ action: 'sign_out_everywhere' }),
    ),
  )
}

/** @type {(certificates: Certificate[], context: Context) => HTMLElement} */
function certificateList(certificates, { texts, named }) {
  const items = certificates.map(({ email, at, browser }) => {
    const about = { when: moment(at, texts), email: named(email), browser }
    return element('li', {}, ...phrase(texts, 'account.certificate', about))
  })
  if (items.length === 0) return paragraph(texts, 'account.certificates.none')
  const count = String(items.length)
  return element(
    'details',
    {},
    element('summary', {}, ...phrase(texts, 'account.certificates.count', { count })),
    element('ul', { class: 'quiet' }, ...items),
  )
}

/** @type {(context: Context) => HTMLElement} */
function dataActions({ texts, answer }) {
  return actions(
    button('export', texts, 'account.export', () => answer({ action: 'export' })),
    button('delete', texts, 'account.delete', () => answer({ action: 'delete' }), 'danger'),
  )
}

/** Once more, before what cannot be taken back. @type {ViewOf} */
function sure({ reason, email = '', name = '' }, { texts, answer, named }) {
  const params = { email: named(email), name, host: location.host }
  const title = heading(texts, `sure.${reason}.title`, params)
  const row = actions(
    button('sure', texts, `sure.${reason}.go`, () => answer({ action: 'next' }), 'primary danger'),
    button('back', texts, 'action.back', () => answer({ action: 'back' })),
  )
  return { nodes: [title, paragraph(texts, `sure.${reason}.text`, params), row], focus: title }
}

/** @type {ViewOf} */
function rename({ name = '' }, { texts, answer }) {
  const input = /** @type {HTMLInputElement} */ (
    element('input', {
      id: 'name',
      name: 'name',
      value: name,
      maxlength: '40',
      autocomplete: 'off',
    })
  )
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault()
    const wanted = input.value.trim()
    answer(wanted ? { action: 'next', name: wanted } : { action: 'back' })
  }
  const form = element(
    'form',
    { submit },
    heading(texts, 'rename.title'),
    element('label', { for: 'name' }, ...phrase(texts, 'rename.label')),
    input,
    actions(
      element('button', { id: 'next', class: 'primary' }, ...phrase(texts, 'rename.go')),
      button('back', texts, 'action.back', () => answer({ action: 'back' })),
    ),
  )
  return { nodes: [form], focus: input }
}

/**
 * How long ago something was; the moment itself is there for who wants to know.
 *
 * @param {number} time
 * @param {import('./text.js').Texts} texts
 */
function when(time, texts) {
  const text = ago(hostNow() - time, texts.language)
  const datetime = new Date(time).toISOString()
  return element('time', { datetime, title: spelt(time, texts) }, text)
}

/**
 * @param {number} time
 * @param {import('./text.js').Texts} texts
 */
function moment(time, texts) {
  return element('time', { datetime: new Date(time).toISOString() }, spelt(time, texts))
}

/**
 * @param {number} time
 * @param {import('./text.js').Texts} texts
 */
function spelt(time, { language }) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  return format.format(time)
}
