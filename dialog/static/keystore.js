// @ts-check
/** Keys in IndexedDB, as package wasm/internal/webstore keeps them: CryptoKeys that cannot be read. */

const DATABASE = 'navid'
const STORE = 'keys'

/**
 * @param {IDBFactory} factory this partition's, or the first party's
 */
export function openKeys(factory) {
  /**
   * Makes one request in a transaction of its own.
   *
   * @param {IDBTransactionMode} mode
   * @param {(keys: IDBObjectStore) => IDBRequest} ask
   */
  async function request(mode, ask) {
    const database = await opened(factory)
    try {
      return await done(database.transaction(STORE, mode), ask)
    } finally {
      database.close()
    }
  }
  return {
    /** @param {string} name */
    get: (name) => request('readonly', (keys) => keys.get(name)),
    /**
     * @param {string} name
     * @param {CryptoKeyPair} pair
     */
    put: (name, { privateKey, publicKey }) =>
      request('readwrite', (keys) => keys.put({ privateKey, publicKey }, name)),
    /** @returns {Promise<string[]>} */
    names: () => request('readonly', (keys) => keys.getAllKeys()),
    /** @param {string} name */
    remove: (name) => request('readwrite', (keys) => keys.delete(name)),
  }
}

/**
 * @param {IDBFactory} factory
 * @returns {Promise<IDBDatabase>}
 */
function opened(factory) {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = request.onblocked = () => reject(request.error ?? new Error('blocked'))
  })
}

/**
 * @param {IDBTransaction} transaction
 * @param {(keys: IDBObjectStore) => IDBRequest} ask
 * @returns {Promise<any>}
 */
function done(transaction, ask) {
  return new Promise((resolve, reject) => {
    const request = ask(transaction.objectStore(STORE))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
  })
}
