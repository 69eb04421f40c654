// @ts-check
/** What somebody typed, or a site wrote, made into what the agent takes for an address (B6). */

/** Names of hosts in their ASCII form, but for those that are IP addresses to a browser. */
const LABEL = '[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?'
const HOST = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)*(?!\\d+$|0x[a-f\\d]*$)${LABEL}$`, 'i')
const LOCAL = /^[\w.!#$%&'*+\-/=?^`{|}~]{1,64}$/

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

/** Whether text is the name of a host. */
export function isHost(/** @type {string} */ text) {
  return HOST.test(text)
}

/** Whether text is an address, so that a slip is answered before the agent is there. */
export function isAddress(/** @type {string} */ text) {
  const [local, domain, ...more] = text.split('@')
  if (more.length > 0 || text.length > 254 || !domain?.includes('.')) return false
  return LOCAL.test(local) && isHost(domain)
}

/** @param {string} domain */
function asciiDomain(domain) {
  // Only letters of other scripts beside a host name's own: a URL parser reads more into the rest.
  if (!/[^\0-\x7f]/.test(domain) || /[\0-,/:-@[-`{-\x7f]/.test(domain)) return domain
  const url = `https://${domain}`
  return URL.canParse(url) ? new URL(url).hostname : domain
}
