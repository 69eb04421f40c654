// @ts-check
/**
 * The page to which the identity provider's pages return (C2.3, design 5.4c). In a tab that is on a
 * journey the journey goes on. From a window of the dialog's it tells the dialog by
 * BroadcastChannel, which reaches it also where the provider has cut off the window (COOP), and
 * goes where the dialog says. It never speaks to its opener, who may be anybody.
 */

import { element, phrase } from './dom.js'
import { ATTEMPT_KEY } from './idpwindow.js'
import { arrive, forgetAbandoned } from './journey.js'
import { loadTexts } from './text.js'

/** How long the dialog may take to say where to go, in milliseconds. */
const PATIENCE = 2000

/** Longest answer of a provisioning page, in UTF-16 units, as it is escaped. */
const MAX_LENGTH = 100_000

const query = new URLSearchParams(location.search)
const isCancelled = query.has('AUTH_RETURN_CANCEL')
const visit = query.has('PROVISION_RETURN') ? 'provision' : 'authenticate'
const outcome = visit === 'provision' ? provisioned(location.hash) : { cancelled: isCancelled }
history.replaceState(null, '', location.pathname + location.search)

let isGoing = false // what breaks of this page then is nobody's error

if (outcome && arrive(sessionStorage, visit, outcome)) location.replace('/sign_in?REDIRECT')
else {
  forgetAbandoned(sessionStorage)
  report(sessionStorage.getItem(ATTEMPT_KEY)) // cloned from the dialog when it opened us
  await sayThatItIsDone().catch((error) => {
    if (!isGoing) throw error
  })
}

/**
 * @param {string | null} attempt
 */
function report(attempt) {
  const isOurs = attempt && outcome && (outcome.attempt ?? attempt) === attempt
  const severed = !window.opener || window.opener.closed
  if (isOurs) {
    const channel = new BroadcastChannel('navid')
    channel.addEventListener('message', ({ data }) => obey(data, attempt))
    const type = visit === 'provision' ? 'provision_return' : 'auth_return'
    channel.postMessage({ ...outcome, type, attempt, severed })
  }
  // With its opener alive the window is still the dialog's, which needs it for the provider's page.
  if (severed) setTimeout(close, isOurs ? PATIENCE : 0)
}

/**
 * @param {any} message the dialog's
 * @param {string} attempt
 */
function obey(message, attempt) {
  if (message.attempt !== attempt) return
  isGoing = true
  if (message.type === 'close') close()
  if (message.type !== 'go') return
  // A link, since the provider's page must hear from the browser that this host sends people (G4).
  const link = document.createElement('a')
  link.href = message.url
  link.referrerPolicy = 'origin'
  link.click()
}

/**
 * What a provisioning page has put into the fragment: a certificate, or why there is none.
 *
 * @param {string} hash
 * @returns {import('./journey.js').Outcome & { attempt?: string } | undefined}
 */
function provisioned(hash) {
  try {
    if (hash.length > MAX_LENGTH) return undefined
    const { attempt, certificate, failure } = JSON.parse(
      decodeURIComponent(hash.slice('#navid='.length)),
    )
    if (typeof attempt !== 'string') return undefined
    if (typeof certificate === 'string') return { attempt, certificate }
    return { attempt, failure: String(failure) }
  } catch {
    return undefined
  }
}

async function sayThatItIsDone() {
  const texts = await loadTexts(document.documentElement.lang)
  const text = isCancelled ? 'return.cancelled' : 'return'
  const button = element('button', {
    id: 'close',
    type: 'button',
    class: 'primary',
    click: close,
  })
  button.append(...phrase(texts, 'action.close'))
  document
    .querySelector('main')
    ?.replaceChildren(
      element('h1', {}, ...phrase(texts, `${text}.title`)),
      element('p', {}, ...phrase(texts, `${text}.text`)),
      element('div', { class: 'actions' }, button),
    )
}

function close() {
  window.close()
}
