// @ts-check
/** The login host's time, since browsers' clocks are often wrong. */

/** How far the host is ahead of this page's own clock, in milliseconds. */
let ahead = toldByDocument()

/** The login host's time in milliseconds. */
export function hostNow() {
  return Math.round(performance.now() + ahead)
}

/**
 * Corrects the clock, which stands still while the computer sleeps.
 *
 * @param {unknown} now the host's time as it answers
 */
export function hearTime(now) {
  if (typeof now === 'number' && now > 0) ahead = now - performance.now()
}

function toldByDocument() {
  const meta = globalThis.document?.querySelector('meta[name=navid-now]')
  const [navigation] = performance.getEntriesByType('navigation')
  if (!meta || !navigation) return Date.now() - performance.now()
  const { responseStart } = /** @type {PerformanceNavigationTiming} */ (navigation)
  return Number(meta.getAttribute('content')) - responseStart
}
