// @ts-check
/**
 * The communication frame of observer mode (A9.2): hidden in a site's page, it tells the page who is
 * logged in there, without asking anybody (design 6).
 *
 * It answers for the origin of the page around it, and only if that page is the top one: sibling
 * subdomains and nested frames share its partition (E5).
 */

import { ITEM as FIRST_PARTY, loggedInAt, logOutAt, openFirstParty } from './firstparty.js'
import { openChannel } from './jschannel.js'
import { openKeys } from './keystore.js'
import { createObserver } from './observer.js'
import { ITEM, keyName, openRecords } from './records.js'

const ALL_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

const records = openRecords(storageOf(window))
const keys = openKeys(window.indexedDB)
const observer = createObserver({ believe, logOut, forget, notify })
const channel =
  window.parent === window ? undefined : openChannel(window, 'mozid_ni', observer.methods)
/** @type {Promise<import('./firstparty.js').Handle | undefined> | undefined} */
let firstParty

Object.defineProperty(window, 'navidBridge', { value: Object.freeze({ accept }) })
window.addEventListener('storage', ({ key }) => {
  if (key === null || key === ITEM || key === FIRST_PARTY) observer.changed()
})

/** @returns {Promise<import('./observer.js').Belief>} */
async function believe() {
  const origin = site()
  if (!origin) return 'unknown'
  if (records.dropOld()) sweep().catch(() => {}) // or the next time
  const record = records.of(origin)
  const handle = await firstHandle()
  if (handle) return believeFirst(handle, origin, record)
  if (!record) return 'unknown'
  if (!record.loggedIn) return 'nobody'
  return login(record, keys, keyName(origin, record.email), ALL_ALGORITHMS)
}

/**
 * The dialog's own word counts, if it is newer than a log-out here.
 *
 * @param {import('./firstparty.js').Handle} handle
 * @param {string} origin
 * @param {import('./records.js').Login | import('./records.js').Logout | undefined} record
 */
function believeFirst(handle, origin, record) {
  const identity = loggedInAt(handle, origin)
  if (typeof identity === 'string') return identity
  const ahead = Number(handle.localStorage.getItem('navid.ahead')) || 0
  if (record?.loggedIn === false && record.until + ahead > identity.used) return 'nobody'
  return login({ ...identity, ahead }, openKeys(handle.indexedDB), identity.email)
}

/**
 * @param {{ email: string, certificate: string, thumbprint: string, ahead: number }} record
 * @param {ReturnType<typeof openKeys>} store where its key is,
 * @param {string} name and under which name
 * @param {string[]} [algorithms] what the site's verifier knows, if the site does not say
 * @returns {import('./observer.js').Login}
 */
function login({ email, certificate, thumbprint, ahead }, store, name, algorithms) {
  return {
    email,
    async sign(options) {
      const [key, { sign }] = await Promise.all([store.get(name), import('./silent.js')])
      const origin = site()
      if (!origin || !key) throw new Error('nothing to sign with')
      const params = { nonce: options.nonce, algorithms: options.algorithms ?? algorithms }
      const now = Date.now() + ahead
      return sign({ origin, params, now, email, certificate, thumbprint }, key)
    },
  }
}

/**
 * Takes what the dialog hands over (G3): the key first, so that no record is without one.
 *
 * @param {import('./bridge.js').Gift} gift
 * @returns {Promise<boolean>} whether it was taken
 */
async function accept({ origin, email, certificate, thumbprint, authority, until, ahead, key }) {
  if (!origin || origin !== site()) return false
  await keys.put(keyName(origin, email), key)
  if (origin !== site()) return false
  records.logIn(origin, {
    loggedIn: true,
    ...{ email, certificate, thumbprint, authority, until, ahead },
  })
  await sweep()
  return true
}

async function logOut() {
  const origin = site()
  if (!origin) return
  records.logOut(origin)
  const handle = await firstHandle()
  await Promise.all([sweep(), handle && logOutAt(handle, origin)])
}

/** Deletes the keys of log-ins that have ended, at all origins of the partition. */
async function sweep() {
  const names = await keys.names()
  await Promise.all(records.endedKeys(names).map(keys.remove))
}

/** The dialog's own storage; where it is not to be had now, it may be later. */
async function firstHandle() {
  firstParty ??= openFirstParty(window)
  const handle = await firstParty
  if (!handle) firstParty = undefined
  return handle
}

/** @param {string} [email] */
function forget(email) {
  const origin = site()
  if (origin && records.forget(origin, email)) sweep().catch(() => {}) // or the next time
}

/**
 * @param {string} name
 * @param {unknown} [params]
 */
function notify(name, params) {
  channel?.notify(name, params)
}

/**
 * The origin that the frame answers for: that of the page around it, by its own messages and by
 * the browser's word, where the browser gives one.
 *
 * @returns {string | undefined} undefined: the page has not spoken, or is not the top one
 */
function site() {
  const origin = channel?.origin()
  if (window.parent !== window.top) return undefined
  const ancestors = window.location.ancestorOrigins
  // "null": a browser that follows the frame's referrer policy here, and says nothing.
  const isConfirmed =
    !ancestors || (ancestors.length === 1 && [origin, 'null'].includes(ancestors[0]))
  return isConfirmed ? origin : undefined
}

/**
 * @param {Window} window
 * @returns {Storage} one that keeps nothing, where the browser has none for us
 */
function storageOf(window) {
  try {
    return window.localStorage
  } catch {
    return /** @type {any} */ ({ getItem: () => null, setItem() {} })
  }
}
