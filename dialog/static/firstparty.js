// @ts-check
/**
 * The dialog's own storage, for the communication frame, where the browser gives it without being
 * asked: where third-party cookies are allowed, and where frame and page are of one site.
 *
 * The permission is never asked for. Once it is granted, browsers name the embedding site to the
 * login host (E6), and Chromium freezes on the first use of the database (webplatform.md 3).
 */

/** The item of localStorage. */
export const ITEM = 'navid'

/** @typedef {{ localStorage: Storage, indexedDB: IDBFactory, locks?: LockManager }} Handle */
/** @typedef {{ email: string, certificate: string, thumbprint: string, used: number }} Identity */

/**
 * @param {Window & typeof globalThis} window the frame's
 * @returns {Promise<Handle | undefined>}
 */
export async function openFirstParty(window) {
  try {
    const document = /** @type {any} */ (window.document)
    if (!(await document.hasStorageAccess())) return undefined
    const wish = { localStorage: true, indexedDB: true, locks: true }
    const handle = await document.requestStorageAccess(wish)
    if (handle?.localStorage) return handle
    // A browser without handles: the frame's own storage is the dialog's, or it is not.
    const { localStorage, indexedDB, navigator } = window
    return localStorage.getItem(ITEM) === null
      ? undefined
      : { localStorage, indexedDB, locks: navigator.locks }
  } catch {
    return undefined // refused, or a browser without the Storage Access API
  }
}

/**
 * Who is logged in at a site, as the dialog remembers it. Of a log-in that another issuer vouched
 * for the dialog keeps the address alone: then the site knows better. Who has removed an address has
 * removed its log-ins.
 *
 * @param {Handle} handle
 * @param {string} origin
 * @returns {Identity | 'nobody' | 'unknown'} used: the log-in's time
 */
export function loggedInAt({ localStorage }, origin) {
  try {
    const { version, identities, sites } = JSON.parse(localStorage.getItem(ITEM) ?? NOTHING)
    if (version !== 1) return 'unknown'
    const site = Object.hasOwn(sites, origin) ? sites[origin] : undefined
    if (!site?.loggedIn) return 'nobody'
    const identity = identities.find((/** @type {Identity} */ { email }) => email === site.email)
    return identity ? { ...identity, used: site.used } : 'unknown'
  } catch {
    return 'unknown'
  }
}

const NOTHING = '{"version":1,"identities":[],"sites":{}}'

/** @type {Map<string, Promise<void>>} */
const queued = new Map() // log-outs that wait for the lock, by origin

/**
 * Ends the log-in at a site; addresses and keys stay (A5.1, A5.3).
 *
 * Every writer holds the lock of package webstore, and any page may tell us of log-outs as often as
 * it likes: where there is nothing to end, or it is about to end, dialogs need not wait for us.
 *
 * @param {Handle} handle
 * @param {string} origin
 */
export async function logOutAt({ localStorage, locks }, origin) {
  const read = () => JSON.parse(localStorage.getItem(ITEM) ?? 'null')
  const change = () => {
    const state = read()
    if (!state?.sites?.[origin]?.loggedIn) return
    delete state.sites[origin].loggedIn
    localStorage.setItem(ITEM, JSON.stringify(state))
  }
  if (!read()?.sites?.[origin]?.loggedIn) return
  if (!locks) return change()
  if (!queued.has(origin)) {
    const signal = AbortSignal.timeout(5000) // who holds it too long loses
    const request = locks.request(ITEM, { signal }, change)
    queued.set(
      origin,
      request.finally(() => queued.delete(origin)),
    )
  }
  await queued.get(origin)
}
