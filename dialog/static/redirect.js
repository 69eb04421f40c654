// @ts-check
/**
 * The conversation with the relying party where there are no windows, or where the site's page has
 * cut the dialog off (B9, design 5): the request comes in the fragment, and the answer goes back
 * in one. Fragments reach no server.
 *
 * Anybody can write such a request, in the name of any site, and a fragment follows redirects (E3).
 * So nothing is delivered but to a path that the site itself has listed for it (G1), and before
 * that is known nothing is asked. What the site shows of itself is of the same file, and a link
 * may ask for nothing that leads people elsewhere. The site believes only an answer with the
 * `state` of a request that it has made itself.
 *
 * What remains: a stranger's link can make the dialog ask, and who then chooses an address is
 * brought to a listed page of the site, where nothing happens. This browser remembers it as it does
 * a sign-in of which the site never heard: in observer mode the site may be told at the next visit.
 */

import { takeJourney } from './journey.js'
import { mayAsk } from './winchan.js'

/** @typedef {ReturnType<typeof import('./journey.js').createJourney>} Journey */

/** Longest request as it is escaped: a siteLogo alone may have 131,072 characters (A4). */
const MAX_LENGTH = 600_000

/**
 * What a link may ask for: nothing in it is the site's word. An issuer of its choice would be given
 * the person's address, and what it shows would stand under the site's origin (B1.20).
 */
const ASKED =
  'returnTo email nonce algorithms rp_api start_time experimental_forceAuthentication'.split(' ')

/** What a site may show of itself: that is its own word where it is in its own file. */
const SHOWN = 'siteName siteLogo backgroundColor termsOfService privacyPolicy'.split(' ')

/** Where a site lists the paths to which answers may go: {"returnTo": ["/path"], …}. */
const PERMISSION = '/.well-known/navid'

/** Longest list, in bytes, and longest wait for it, in milliseconds. */
const MAX_PERMISSION = 16_384
const PATIENCE = 5000

/** How long an assertion waits for a person who reads the last screen, in milliseconds. */
const READING = 60_000

/**
 * Takes the request out of the address bar, or goes on with the one that this tab has brought
 * back.
 *
 * @param {Window} window
 * @returns the channel to the site, or undefined if nothing is asked for
 */
export function openRedirect(window) {
  const { location, history } = window
  const request = parseRequest(location.hash.slice(1))
  if (location.hash) history.replaceState(null, '', location.pathname + location.search)
  const journey = takeJourney(openStorage(window), request)
  if (!journey) return undefined
  // From the provider's page by the browser's Back: to choose anew.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
  return createChannel(window, journey)
}

/**
 * @param {Window} window
 * @param {Journey} journey
 */
function createChannel({ location, history, setTimeout }, journey) {
  const { origin, state, params } = journey.request
  const permission = isOrigin(origin) ? ask(origin, params.returnTo) : Promise.resolve(null)
  /** @type {object | undefined} */
  let answer

  async function leave() {
    journey.end()
    if (!answer || !(await permission)) return history.back()
    const fragment = encodeURIComponent(JSON.stringify({ state, ...answer }))
    location.replace(`${origin}${params.returnTo}#navid=${fragment}`)
  }

  return {
    request: Promise.resolve({ origin, params }),
    journey,
    /** What the site shows of itself; null: it wants no answers at that place. */
    permission,
    /**
     * Answers with an assertion; only the first answer counts. It goes with {@link leave}.
     *
     * @param {{ assertion: string }} result
     */
    async respond({ assertion }) {
      answer ??= { assertion }
      setTimeout(leave, READING)
    },
    /**
     * Answers that there will be no assertion.
     *
     * @param {string} [text] what is wrong with the request
     */
    fail(text) {
      answer ??= text ? { error: 'invalid_options', text } : { error: 'cancelled' }
    },
    /** Goes back to the site; where that is not allowed, to where the person came from. */
    leave,
  }
}

/**
 * Asks a site whether answers may go to a page of it.
 *
 * @param {string} origin
 * @param {unknown} returnTo
 * @returns {Promise<Record<string, unknown> | null>} what it shows of itself; null: they may not
 */
async function ask(origin, returnTo) {
  if (!isPlainPath(origin, returnTo)) return null
  try {
    const response = await fetch(origin + PERMISSION, {
      mode: 'cors',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (!response.ok) return null
    const site = JSON.parse(await shortText(response))
    const isListed = Array.isArray(site.returnTo) && site.returnTo.includes(returnTo)
    return isListed ? picked(site, SHOWN) : null
  } catch {
    return null
  }
}

/**
 * @param {Record<string, unknown>} options
 * @param {string[]} names
 */
function picked(options, names) {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)))
}

/**
 * Whether a path means the same to everyone: no query, no fragment, no empty or dot segments, no
 * escaped slashes, nothing that a browser would rewrite.
 *
 * @param {string} origin
 * @param {unknown} path
 */
export function isPlainPath(origin, path) {
  if (typeof path !== 'string' || !path.startsWith('/') || /\/\/|%2f|%5c/i.test(path)) return false
  return URL.canParse(origin + path) && new URL(origin + path).href === origin + path
    ? !/[?#]/.test(path)
    : false
}

/**
 * Whether a text is an origin, written as browsers do, that may ask for a sign-in.
 *
 * @param {string} text
 */
function isOrigin(text) {
  return mayAsk(text) && new URL(text).origin === text
}

/** @param {Response} response */
async function shortText(response) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; ;) {
    const { value, done } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.length
    if (size > MAX_PERMISSION) throw new Error('too long')
    text += decoder.decode(value, { stream: true })
  }
}

/**
 * @param {string} fragment
 * @returns {import('./journey.js').Request | undefined}
 */
function parseRequest(fragment) {
  if (fragment.length > MAX_LENGTH) return undefined
  try {
    const { origin, state, params } = JSON.parse(decodeURIComponent(fragment))
    const isRequest =
      typeof origin === 'string' &&
      /^[\w-]{16,128}$/.test(state) &&
      params instanceof Object &&
      !Array.isArray(params)
    return isRequest ? { origin, state, params: picked(params, ASKED) } : undefined
  } catch {
    return undefined // not a request of ours
  }
}

/**
 * The tab's storage. Where it is forbidden there is no journey, and the page will say so.
 *
 * @param {Window} window
 * @returns {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>}
 */
function openStorage(window) {
  try {
    return window.sessionStorage
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} }
  }
}
