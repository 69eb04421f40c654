// @ts-check
/** What somebody typed, made into what the agent takes for an e-mail address (B6). */

/**
 * Trims an address, and turns an international domain into its ASCII form with the browser's own
 * IDNA (B6.3). Everything else stays as typed: the agent judges it.
 *
 * @param {string} typed
 */
export function normalizeAddress(typed) {
  const address = typed.trim()
  const at = address.lastIndexOf('@')
  return at < 0 ? address : address.slice(0, at + 1) + asciiDomain(address.slice(at + 1))
}

/** Whether text has the outline of an address, so that a slip is answered before the agent is there. */
export function looksLikeAddress(/** @type {string} */ text) {
  return text.length <= 254 && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)*$/.test(text)
}

/** @param {string} domain */
function asciiDomain(domain) {
  // Only letters of other scripts beside a host name's own: a URL parser reads more into the rest.
  if (!/[^\0-\x7f]/.test(domain) || /[\0-,/:-@[-`{-\x7f]/.test(domain)) return domain
  const url = `https://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : domain
}
