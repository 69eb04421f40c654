// @ts-check
/**
 * The conversation with the relying party's page: WinChan, as Persona spoke it (A9.3).
 *
 * The window that opened the dialog is the only one heard, and the request's event is the only
 * source of its origin (A4.16). Answers go to that window and that origin, or nowhere.
 */

/** Longest message looked at, in UTF-16 units: a siteLogo alone may have 131,072 (A4). */
const MAX_LENGTH = 200_000

/** How long an answer waits for a page that is being reloaded, in milliseconds. */
const PATIENCE = 5000

/** @typedef {{ origin: string, params: Record<string, unknown> }} Request */

/**
 * Takes the opener's handle out of the window, so that no page which the dialog opens or frames
 * can reach the relying party through it (E1, E2, G2).
 *
 * @param {Window} window
 * @returns {Window | null}
 */
export function takeOpener(window) {
  const opener = window.opener
  window.opener = null
  return opener
}

/**
 * Whether pages of an origin may ask for a sign-in: https, or http on this very machine. "null"
 * (sandboxed and data: pages) and browser extensions may not (G16).
 *
 * @param {string} origin as an event names it
 */
export function mayAsk(origin) {
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost')
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}

/**
 * Opens the channel to the page that opened the dialog.
 *
 * `ready` is repeated for as long as there is no answer: until the request, because the page may
 * still be loading; after it, because the page may have been reloaded and must find us again.
 *
 * @param {Window} window the dialog's
 * @param {Window} rp the handle from {@link takeOpener}
 * @param {{ onDie: () => void }} handlers onDie: the relying party wants the dialog closed
 */
export function createChannel(window, rp, { onDie }) {
  /** @type {string | undefined} */
  let origin
  let isAnswered = false
  let onPresent = () => {}
  /** @type {(request: Request) => void} */
  let resolve
  /** @type {Promise<Request>} */
  const request = new Promise((r) => (resolve = r))

  // The only thing said to anyone: it tells nothing, and nobody's origin is known yet (design 9).
  const sayReady = () => rp.postMessage('{"a":"ready"}', '*')
  let timer = window.setInterval(sayReady, 500)

  window.addEventListener('message', (event) => {
    if (event.source !== rp || (origin !== undefined && event.origin !== origin)) return
    if (event.data === 'die') return onDie()
    const params = parseRequest(event.data)
    if (!params) return
    onPresent()
    if (origin !== undefined) return
    origin = event.origin
    window.clearInterval(timer)
    if (mayAsk(origin)) timer = window.setInterval(sayReady, 1000)
    resolve({ origin, params })
  })
  // Leaving the page is an answer too (A4.11). From a window that closes, browsers may drop it;
  // the relying party then sees the closed window itself.
  window.addEventListener('pagehide', () => fail())
  sayReady()

  /** @param {object} message */
  function answer(message) {
    window.clearInterval(timer)
    if (isAnswered || origin === undefined || !mayAsk(origin)) return
    isAnswered = true
    rp.postMessage(JSON.stringify(message), origin)
  }

  /**
   * Waits until the page answers a `ready`, as it does each time: then it is there, of its origin,
   * and hears. It may just be reloading; an answer would be lost on it.
   *
   * @returns {Promise<boolean>} whether it is there
   */
  function presence() {
    return new Promise((resolve) => {
      onPresent = () => resolve(true)
      window.setTimeout(resolve, PATIENCE, false)
      sayReady()
    })
  }

  /** @param {string} [text] */
  function fail(text) {
    const cause = text ? `improper usage of API: Error: ${text}` : 'client closed window'
    answer({ a: 'error', d: cause })
  }

  return {
    /** The one request. It may be from an origin that may not ask: see {@link mayAsk}. */
    request,
    /**
     * Answers with an assertion; only the first answer is sent. What the bridge has for the site's
     * frames it gives between the page's own word that it is there and the answer: a page that has
     * moved to another origin gets neither (E4).
     *
     * @param {{ assertion: string, email: string, bridge?: import('./bridge.js').Bridge }} result
     */
    async respond({ assertion, email, bridge }) {
      const handOver = bridge && (await build(rp, bridge, assertion))
      if (await presence()) await handOver?.()
      answer({ a: 'response', d: { assertion, email } })
    },
    /** Answers that there will be no assertion; with a text, that the request was wrong (A4.15). */
    fail,
  }
}

/**
 * @param {Window} rp
 * @param {import('./bridge.js').Bridge} bridge
 * @param {string} assertion
 */
async function build(rp, bridge, assertion) {
  try {
    const { prepare } = await import('./bridge.js') // not needed for the first screen
    return await prepare(rp, bridge, assertion)
  } catch {
    return undefined // the sign-in counts without it
  }
}

/**
 * @param {unknown} data
 * @returns {Record<string, unknown> | undefined} the options of a request, else undefined
 */
function parseRequest(data) {
  if (typeof data !== 'string' || data.length > MAX_LENGTH) return undefined
  try {
    const { a, d } = JSON.parse(data)
    if (a !== 'request' || d.method !== 'get') return undefined
    const params = d.params ?? {}
    return typeof params === 'object' && !Array.isArray(params) ? params : undefined
  } catch {
    return undefined // not a message of ours
  }
}
