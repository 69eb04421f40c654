// @ts-check
/**
 * What a page that observes is told, and when (A3): the conversation of the communication frame,
 * without windows and storage.
 */

/** How long the page waits for the check at most, in milliseconds; then it is ready (design 6). */
const PATIENCE = 2000

/**
 * @typedef {object} Login
 * @property {string} email
 * @property {(options: Options) => Promise<string>} sign makes an assertion for the page's origin
 */
/** @typedef {{ nonce?: unknown, algorithms?: unknown }} Options as the page wrote them */
/** @typedef {Login | 'nobody' | 'unknown'} Belief who is logged in at the page's origin */
/** @typedef {string | null | undefined} User who is logged in, as the page says: undefined is no word */

/**
 * The truth table of A3. Addresses are compared exactly (A3.2). Where nothing is known there is no
 * event: a log-out must not come from blocked storage, or an hour's end (A3.4, A3.5).
 *
 * @param {User} user
 * @param {Belief} belief
 * @returns {'login' | 'logout' | 'match' | undefined}
 */
export function eventFor(user, belief) {
  if (belief === 'unknown') return undefined
  if (belief === 'nobody') return user === null ? 'match' : 'logout'
  return belief.email === user ? 'match' : 'login'
}

/**
 * @param {object} config
 * @param {() => Promise<Belief>} config.believe
 * @param {() => Promise<unknown>} config.logOut remembers that nobody is logged in
 * @param {(email?: string) => void} config.forget the page has signed somebody in: what is remembered
 *   of others, or of a log-out, counts no more
 * @param {(name: string, params?: unknown) => void} config.notify
 */
export function createObserver({ believe, logOut, forget, notify }) {
  /** @type {User} */
  let user
  /** @type {Options} */
  let options = {}
  let isLoaded = false // the page wants to know
  let isChecked = false // and has been told
  let isPaused = false // the dialog is open, and tells the page itself (A3.10)
  let isStale = false // something has changed meanwhile
  let turn = 0 // changes with all that makes a check in progress void
  /** @type {Promise<void> | undefined} */
  let waiting // a check that has not begun
  let last = Promise.resolve() // the latest check

  /** Checks, one check at a time; those that would wait for the same one are one. */
  function check() {
    waiting ??= last.then(() => {
      waiting = undefined
      return checkNow().catch((error) => console.warn('navid:', error))
    })
    return (last = waiting)
  }

  /** What the page says and does meanwhile counts: then it is checked again, or not at all. */
  async function checkNow() {
    for (let isDone = false; !isDone && !isPaused;) {
      const began = turn
      const belief = await believe()
      const event = eventFor(user, belief)
      const assertion = event === 'login' && (await /** @type {Login} */ (belief).sign(options))
      isDone = began === turn
      if (isDone) tell(event, belief, assertion)
    }
  }

  /**
   * @param {ReturnType<typeof eventFor>} event
   * @param {Belief} belief
   * @param {string | false} assertion
   */
  function tell(event, belief, assertion) {
    if (event === 'login') {
      user = /** @type {Login} */ (belief).email
      notify('login', assertion)
    } else if (event === 'logout') {
      user = null
      notify('logout')
    } else if (event === 'match' && !isChecked) notify('match')
    isChecked = true
  }

  /** Something may have changed: here, in another tab, or in the dialog (A3.9). */
  function changed() {
    isStale = isPaused
    if (isLoaded && !isPaused) return check()
  }

  return {
    changed,
    methods: {
      /** @param {unknown} params */
      loggedInUser(params) {
        if (params !== null && typeof params !== 'string') return
        user = params
        turn++
        if (isPaused && user) forget(user) // the dialog's word; the bridge may have come first
      },
      /** @param {any} params */
      options(params) {
        options = { nonce: params?.nonce, algorithms: params?.algorithms }
        if (params?.signedIn === true) forget() // by redirect, of whom we hear nothing
      },
      async loaded() {
        isLoaded = true
        if (isPaused) return
        await Promise.race([check(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
      },
      /** The page may leave when it hears of it: what is to be remembered comes first. */
      async logout() {
        turn++
        const isNews = user !== null
        isChecked ||= isNews
        user = null
        const done = logOut().catch((error) => console.warn('navid:', error))
        last = Promise.all([last, done]).then(() => {})
        await Promise.race([done, new Promise((resolve) => setTimeout(resolve, PATIENCE / 2))])
        if (isNews) notify('logout')
      },
      dialog_running() {
        isPaused = true
        turn++
      },
      /** @param {unknown} shallCheck */
      dialog_complete(shallCheck) {
        isPaused = false
        isChecked ||= shallCheck === false
        if (isStale || shallCheck !== false) return changed()
      },
    },
  }
}
