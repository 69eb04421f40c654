// @ts-check
/**
 * What the communication frame keeps in its own partition: who is logged in at which origin, as the
 * bridge handed it over (design 6.2), or that somebody has logged out.
 *
 * A partition belongs to a whole site. Sibling subdomains, and frames of other sites inside, share
 * it (E5): so a record is for one exact origin, and has to be asked for by that.
 */

/** The item of localStorage. */
export const ITEM = 'navid.bridge'

/** How long a log-in counts at most, in milliseconds (design 8). */
export const LONGEST = 3_600_000

/** How many origins are remembered in a partition. */
const MAX_SITES = 50

/**
 * @typedef {object} Login
 * @property {true} loggedIn
 * @property {string} email
 * @property {string} certificate
 * @property {string} thumbprint of the certified key
 * @property {string} authority
 * @property {number} until when it stops to count, by this browser's clock
 * @property {number} ahead by how much the login host's clock is ahead of this browser's
 */
/** @typedef {{ loggedIn: false, until: number }} Logout until: when it was, by this browser's clock */

/**
 * The name under which the key of a log-in is kept. No address has a space in it.
 *
 * @param {string} origin
 * @param {string} email
 */
export function keyName(origin, email) {
  return `${origin} ${email}`
}

/**
 * @param {Storage} storage the partition's
 * @param {() => number} now this browser's clock
 */
export function openRecords(storage, now = Date.now) {
  /** @returns {Record<string, Login | Logout>} */
  function read() {
    try {
      const { version, sites } = JSON.parse(storage.getItem(ITEM) ?? '{}')
      return version === 1 && sites && typeof sites === 'object' ? sites : {}
    } catch {
      return {} // unreadable, or no storage: nobody is known
    }
  }

  /** @param {Record<string, Login | Logout>} sites */
  function write(sites) {
    const latest = Object.entries(sites).sort(([, a], [, b]) => b.until - a.until)
    const kept = Object.fromEntries(latest.slice(0, MAX_SITES))
    storage.setItem(ITEM, JSON.stringify({ version: 1, sites: kept }))
  }

  /** @param {Login | Logout} record */
  const isOver = ({ until }) => !(until > now() && until <= now() + LONGEST) // clocks are set back too

  return {
    /**
     * Forgets log-ins that count no more.
     *
     * @returns {boolean} whether there were any
     */
    dropOld() {
      const records = Object.entries(read())
      const fresh = records.filter(([, record]) => !record.loggedIn || !isOver(record))
      if (fresh.length === records.length) return false
      write(Object.fromEntries(fresh))
      return true
    },
    /**
     * The keys of log-ins that have ended. Where frame and dialog share a storage, there are keys of
     * the dialog's among them, and of sign-ins that go on: those are named for no origin.
     *
     * @param {string[]} names of all keys
     */
    endedKeys(names) {
      const logins = Object.entries(read()).filter(([, r]) => r.loggedIn && !isOver(r))
      const needed = logins.map(([origin, r]) => keyName(origin, /** @type {Login} */ (r).email))
      return names.filter((name) => /^https?:\/\/\S+ /.test(name) && !needed.includes(name))
    },
    /**
     * @param {string} origin
     * @returns {Login | Logout | undefined} undefined: nothing is known, or not any more
     */
    of(origin) {
      const sites = read()
      const record = Object.hasOwn(sites, origin) ? sites[origin] : undefined
      return record?.loggedIn && isOver(record) ? undefined : record
    },
    /**
     * @param {string} origin
     * @param {Login} record
     */
    logIn(origin, record) {
      write({ ...read(), [origin]: record })
    },
    /** @param {string} origin */
    logOut(origin) {
      write({ ...read(), [origin]: { loggedIn: false, until: now() } })
    },
    /**
     * Forgets what the site knows better by now: that somebody has logged out, or that somebody else
     * is logged in.
     *
     * @param {string} origin
     * @param {string} [email] who has signed in there; the log-in of this very address stays
     * @returns {boolean} whether there was anything
     */
    forget(origin, email) {
      const { [origin]: record, ...others } = read()
      if (!record || (record.loggedIn && record.email === email)) return false
      write(others)
      return true
    },
  }
}
