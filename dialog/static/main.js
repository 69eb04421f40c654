// @ts-check
/** The dialog, from top to bottom: who asks, the first screen, the sign-in, the answer. */

import { createGuard } from './guard.js'
import { displayNames, firstScreen, knownAddresses } from './identities.js'
import { readOptions } from './params.js'
import { createPrelude } from './prelude.js'
import { createScreens } from './screens.js'
import { showSite } from './site.js'
import { loadFirstTexts } from './text.js'
import { createChannel, mayAsk, takeOpener } from './winchan.js'

/** @typedef {ReturnType<typeof createChannel>} Popup */
/** @typedef {NonNullable<ReturnType<typeof import('./redirect.js').openRedirect>>} Redirect */
/** @typedef {(Popup & Partial<Redirect>) | Redirect} Channel */

/** How long a site may take to say what it wants before the page says that it has not. */
const REQUEST_PATIENCE = 10_000

/** How long closing, or going back to the site, may take before the page says that it is done. */
const LEAVING = 500
const GOING_BACK = 3000

const rp = takeOpener(window) // before anything can open or frame another page (E1)
const redirect = location.search === '?REDIRECT' && (await import('./redirect.js'))
const channel = redirect
  ? redirect.openRedirect(window)
  : rp && createChannel(window, rp, { onDie })
const texts = await loadFirstTexts(document.documentElement.lang)
const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const guard = createGuard(window, (isArmed) => main.toggleAttribute('data-armed', isArmed))
const screens = createScreens({ document, texts, onDrawn: guard.restart, onAbandon: leave })
const left = new AbortController() // aborted when the window closes, whoever closes it
let isStaying = false

window.addEventListener('hashchange', refuseFragment)
window.addEventListener('pagehide', () => left.abort())
if (channel) await serve(channel)
else {
  window.close() // if the site that opened it has cut itself off (COOP)
  show({ screen: 'standalone' })
}

/**
 * Everything between the site's request and its answer. Until the person's first click this is
 * the same whoever they are, as far as the site can see (E7).
 *
 * @param {Channel} channel
 */
async function serve(channel) {
  const late = setTimeout(explain, REQUEST_PATIENCE, 'no_request')
  const { origin, params } = await channel.request
  clearTimeout(late)
  await showSite(document, texts, { origin, params: {} })
  if (!mayAsk(origin)) return explain('invalid_origin')
  const { journey, permission } = channel
  if (permission) wait()
  const site = await permission
  if (left.signal.aborted) return
  if (site === null) return explain('return_not_allowed', String(params.returnTo))
  const options = await checked(channel, origin, { ...params, ...site })
  if (!options) return
  const request = { origin, params: options }
  await showSite(document, texts, request)
  const storage = openStorage()
  if (!storage) return explain('storage_blocked')

  const known = knownAddresses(storage, origin)
  const display = displayNames(storage)
  const first = { ...firstScreen(known, request.params.email), display }
  const prelude = journey?.isReplaying
    ? wait() // all has been asked
    : createPrelude(first, known, screens.ask, leave)
  // What the first screen does not need.
  const [rest] = await Promise.all([import('./signin.js'), screens.complete()]).catch(() => [])
  if (!rest) return show({ screen: 'incomplete' })

  const result = await rest.signIn({ request, texts, screens, prelude, journey, left: left.signal })
  if (result) await channel.respond(result)
  if (result?.notMyDevice || result?.notice) await sayGoodbye(result)
  leave()
}

/**
 * The options of a request, or undefined where one of them is wrong (A4.15): then nothing of them
 * is shown or done, and the site is told.
 *
 * @param {Channel} channel
 * @param {string} origin
 * @param {Record<string, unknown>} params
 */
async function checked(channel, origin, params) {
  try {
    return readOptions(origin, params)
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    channel.fail(message)
    await explain('invalid_options', message)
  }
}

/**
 * The window stays where there is something left to say: on a device that is not the person's own
 * a word about the provider (G6), and what could not be remembered.
 *
 * @param {import('./loader.js').SignedIn} result
 */
async function sayGoodbye({ email, authority, notMyDevice, notice }) {
  isStaying = true
  await screens.ask({ screen: 'done', email, authority, notMyDevice, notice })
}

/**
 * Says what stands in the way where nothing can be retried.
 *
 * @param {string} code
 * @param {string} [detail] for the site's developers
 */
async function explain(code, detail) {
  const { action } = await show({ screen: 'error', code, detail })
  if (action === 'cancel') leave()
}

/**
 * Shows a screen that is none of the first ones.
 *
 * @param {import('./screens.js').Screen} screen
 */
async function show(screen) {
  await screens.complete().catch(() => (screen = { screen: 'incomplete' }))
  return screens.ask(screen)
}

/** Where nothing is to be asked now, on a journey. */
function wait() {
  screens.ask({ screen: 'wait', waiting: 'moment' }).then(({ action }) => {
    if (action === 'cancel') leave()
  })
  return undefined
}

function leave() {
  left.abort()
  channel?.fail() // which says nothing where an answer has been given
  if (channel?.leave) channel.leave()
  else window.close()
  // For a browser that does not close it, or has no page to go back to.
  setTimeout(show, channel?.leave ? GOING_BACK : LEAVING, { screen: 'closed' })
}

/** The site wants the window closed; after the answer that is no longer its to decide. */
function onDie() {
  if (!isStaying) window.close()
}

/** The opener may move this window to a fragment, which would put the focus on a button (G9). */
function refuseFragment() {
  history.replaceState(null, '', location.pathname + location.search)
  screens.refocus()
  guard.restart()
}

/** @returns {Storage | undefined} undefined: the browser keeps nothing for this origin */
function openStorage() {
  try {
    return window.sessionStorage && window.localStorage
  } catch {
    return undefined
  }
}
