// @ts-check
/**
 * The addresses that this browser knows, read before the agent is there: for the first screen
 * only. The agent owns the record; here whatever cannot be read means that nobody is known.
 */

const KEY = 'navid'

/**
 * The addresses to offer at a site: the one last used there first, then the latest (B5.1, B5.2).
 *
 * @param {Pick<Storage, 'getItem'>} storage
 * @param {string} origin the site's
 * @returns {string[]}
 */
export function knownAddresses(storage, origin) {
  try {
    const record = JSON.parse(storage.getItem(KEY) ?? '{}')
    if (record.version !== 1) return []
    const here = record.sites?.[origin]?.email
    return record.identities
      .filter((/** @type {any} */ { email }) => typeof email === 'string')
      .sort((/** @type {any} */ a, /** @type {any} */ b) => {
        return Number(b.email === here) - Number(a.email === here) || b.used - a.used
      })
      .map((/** @type {any} */ { email }) => email)
  } catch {
    return []
  }
}

/**
 * How people read the domains of those addresses, where that differs from what is on the wire and
 * the login host has found it safe (B6.3).
 *
 * @param {Pick<Storage, 'getItem'>} storage
 * @returns {Record<string, string>}
 */
export function displayNames(storage) {
  try {
    const { identities } = JSON.parse(storage.getItem(KEY) ?? '{}')
    const domains = identities
      .filter((/** @type {any} */ { display }) => typeof display === 'string')
      .map((/** @type {any} */ { email, display }) => [email.split('@')[1], display])
    return Object.fromEntries(domains)
  } catch {
    return {}
  }
}

/**
 * The screen that the agent will ask first. The site's hint wins if it is a known address; a hint
 * at a new one means that a new one is wanted.
 *
 * @param {string[]} known
 * @param {unknown} hint the request's `email`, as the site wrote it
 * @returns {import('./screens.js').Screen}
 */
export function firstScreen(known, hint) {
  const email = typeof hint === 'string' ? hint : ''
  if (known.length > 0 && (email === '' || known.includes(email))) {
    return { screen: 'pick', identities: [...new Set([email, ...known])].filter(Boolean) }
  }
  return { screen: 'enter', email, canGoBack: known.length > 0 }
}
