// The session: the opened key, in the IndexedDB of this origin. It is a CryptoKey that signs and
// cannot be read; there is nothing else that is secret.
import { fetchDocument } from './document.js'
import { isSame } from './keys.js'

export const LIFETIME = 12 * 60 * 60 * 1000

const NAME = 'navid personal'
const STORE = 'session'
const ONLY = 'only'

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const open = () => {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return done(request)
}

const inStore = async (mode, act) => {
  const database = await open()
  try {
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)))
  } finally {
    database.close()
  }
}

/** Keeps what openDocument returned, for LIFETIME or until it is locked. */
export const startSession = async (opened, now = Date.now()) => {
  const session = { ...opened, until: now + LIFETIME }
  await inStore('readwrite', (store) => store.put(session, ONLY))
  return session
}

export const endSession = () => inStore('readwrite', (store) => store.clear())

// A clock that has been set back does not lengthen it.
const isAlive = ({ until }, now) => until > now && until <= now + LIFETIME

/** The session, or null where there is none, it is over, or the document has another key by now. */
export const currentSession = async (now = Date.now()) => {
  const session = await inStore('readonly', (store) => store.get(ONLY)).catch(() => null)
  if (!session) return null
  const { publicKey } = await fetchDocument()
  if (isAlive(session, now) && isSame(session.publicKey, publicKey)) return session
  await endSession()
  return null
}
