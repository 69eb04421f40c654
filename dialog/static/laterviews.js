// @ts-check
/** What the screens look like that come after the first ones, as in views.js. */

import { codeView } from './codeview.js'
import { element, phrase } from './dom.js'
import { inWords } from './duration.js'
import { hostNow } from './hosttime.js'
import { passkeyViews } from './passkeyviews.js'
import { addStylesheet } from './stylesheet.js'
import { actions, button, cancelButton, domainOf, heading, paragraph, statement } from './views.js'

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Context} Context */
/** @typedef {import('./views.js').View} View */

/** Codes for which the same thing again could go better; for the others Retry would be a lie. */
const RETRYABLE = new Set([
  'host_unreachable',
  'host_busy',
  'provider_unreachable',
  'provider_invalid',
  'provider_silent',
  'provider_refused',
  'provider_misspoke',
  'popup_blocked',
  'certificate_wrong_time',
  'not_proven',
  'too_many',
  'provider_exists',
  'internal',
])

/** The code of what is as it should be: nobody needs support for it. */
const OWN_PROVIDER = 'own_provider'

/** Codes of what a mail provider has got wrong, or may have: whoever runs it can look into it. */
const OF_PROVIDER =
  /^(provider_(?!exists)|no_provider|certificate_|issuer_key_|algorithm_unsupported)/

await addStylesheet('later.css')

/** @type {Record<string, (screen: Screen, context: Context) => View>} */
export const laterViews = {
  code: codeView,
  ...passkeyViews,
  continue: proceed,
  error,
  done,
  closed: (_, { texts }) => statement(texts, 'closed'),
  standalone: (_, { texts }) => statement(texts, 'standalone'),
}

/** @type {(screen: Screen, context: Context) => View} */
function proceed({ email = '', authority = '', reason, canGoBack }, { texts, answer, named }) {
  const params = { email: named(email), authority: named(authority), host: location.host }
  const text = `continue.${reason || 'first'}`
  const title = heading(texts, `${text}.title`, params)
  const click = () => answer({ action: 'next' })
  const row = actions(
    element(
      'button',
      { id: 'continue', type: 'button', class: 'primary', click },
      ...phrase(texts, 'continue.go', params),
    ),
    canGoBack && button('back', texts, 'action.back', () => answer({ action: 'back' })),
    cancelButton(texts, answer),
  )
  return { nodes: [title, paragraph(texts, text, params), row], focus: title }
}

/** @type {(screen: Screen, context: Context) => View} */
function error(screen, { texts, answer, named }) {
  const { code = '', email = '', authority = '', canGoBack, detail, retryAt } = screen
  const known = texts.has(`error.${code}.title`) ? code : 'internal'
  const domain = named(authority || domainOf(email))
  const wait = retryAt ? inWords(retryAt - hostNow(), texts.language) : texts.plain('error.later')
  const params = { email: named(email), domain, host: location.host, wait }
  const title = heading(texts, `error.${known}.title`, params)
  const canRetry = RETRYABLE.has(known)
  const row = actions(
    canRetry &&
      button('retry', texts, 'action.retry', () => answer({ action: 'retry' }), 'primary'),
    canGoBack &&
      button(
        'back',
        texts,
        'action.other',
        () => answer({ action: 'back' }),
        canRetry ? '' : 'primary',
      ),
    canRetry || canGoBack
      ? cancelButton(texts, answer)
      : closeButton(texts, () => answer({ action: 'cancel' })),
  )
  for (const way of row.querySelectorAll('#back, #cancel, #close')) way.classList.add('harmless')
  const nodes = [title, paragraph(texts, `error.${known}.text`, params), row]
  if (code !== OWN_PROVIDER) nodes.push(support(screen, texts, domain))
  if (detail) nodes.push(developers(texts, detail))
  return { nodes, focus: title }
}

/**
 * What to tell whoever can help.
 *
 * @param {Screen} screen
 * @param {Context['texts']} texts
 * @param {string} domain as it is shown
 */
function support({ code = '', email = '', authority = '' }, texts, domain) {
  const small = element(
    'p',
    { class: 'code quiet' },
    ...phrase(texts, 'error.code'),
    ' ',
    element('code', { id: 'error-code' }, code),
  )
  if (OF_PROVIDER.test(code))
    small.append(' ', checkLink(texts, authority || domainOf(email), code, domain))
  return small
}

/**
 * The way to the page that names the cause. It is another window, so that the sign-in stays. The
 * domain and the code are in the fragment; the site is nowhere (principle 4).
 *
 * @param {import('./text.js').Texts} texts
 * @param {string} domain
 * @param {string} code
 * @param {string} name of the domain, to be read
 */
function checkLink(texts, domain, code, name) {
  const href = `/check#${encodeURIComponent(domain)}/${code}`
  return element(
    'a',
    { id: 'check', href, target: '_blank', rel: 'noopener noreferrer' },
    ...phrase(texts, 'error.check', { domain: name }),
    element('span', { class: 'unseen' }, ' ', ...phrase(texts, 'site.window')),
  )
}

/** @type {(texts: import('./text.js').Texts, detail: string) => HTMLElement} */
function developers(texts, detail) {
  const text = element('code', { id: 'error-detail', dir: 'ltr' }, detail)
  return element('p', { class: 'code quiet' }, ...phrase(texts, 'error.detail', { detail: text }))
}

/** The last screen where there is something to say yet (G6). */
/** @type {(screen: Screen, context: Context) => View} */
function done({ email = '', authority = '', notMyDevice }, { texts, answer, named }) {
  const title = heading(texts, 'done.title')
  const byMail = authority === location.hostname ? 'done.mail' : 'done.text'
  const text = notMyDevice
    ? paragraph(texts, byMail, { email: named(email), authority: named(authority) })
    : paragraph(texts, 'closed.text')
  return {
    nodes: [title, text, actions(closeButton(texts, () => answer({ action: 'next' })))],
    focus: title,
  }
}

/** @type {(texts: import('./text.js').Texts, click: () => void) => HTMLElement} */
const closeButton = (texts, click) => button('close', texts, 'action.close', click, 'primary')
