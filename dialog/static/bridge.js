// @ts-check
/**
 * The bridge (design 6.2): at a sign-in the dialog gives the communication frames of the page that
 * opened it a key and a certificate, so that they can sign silently in their own partition.
 *
 * Frames of this origin are reached through the opener, whatever it is; browsers let nobody else
 * see into them. A key is never posted (E9): it is an argument of a direct call, and the frame
 * takes it only if the page around it is of the origin that was signed in to (E4, E5).
 */

/** A page may have any number of frames; ours is among the first. */
const MAX_FRAMES = 32

/** How long the answer waits for the bridge at most, in milliseconds, before and behind. */
const PATIENCE = 1000

/** The longest that a frame may sign, in milliseconds (design 8). */
const LONGEST = 3_600_000

/** @typedef {import('./loader.js').HandedOver & { origin: string, email: string, ahead: number }} Given */
/** @typedef {() => Promise<Given>} Bridge gets what is to be given, when it is certain that it will be */
/** @typedef {Omit<Given, 'expires'> & { until: number }} Gift until: by this browser's clock */

/**
 * Gets ready to hand over, so that this takes no time when the page has said that it is there.
 *
 * Frames get the certificate that the person has just signed in with, or nothing: what is kept of
 * the address may be another, where the site wanted another issuer.
 *
 * @param {Window} rp the page that opened the dialog
 * @param {Bridge} bridge
 * @param {string} assertion the answer to the page
 * @returns {Promise<() => Promise<unknown>>} what hands over, and waits until the frames have it
 */
export async function prepare(rp, bridge, assertion) {
  const given = await within(bridge())
  if (given?.certificate !== assertion.split('~')[0]) return async () => {}
  const { expires, ...rest } = given
  return () => {
    const until = Math.min(Date.now() + LONGEST, expires - given.ahead)
    return within(Promise.allSettled(framesOf(rp).map((frame) => frame.accept({ ...rest, until }))))
  }
}

/**
 * The communication frames of a page. Nothing that a hostile page can frame is touched: to look
 * into a window of another origin throws.
 *
 * @param {Window} rp
 * @returns {{ accept: (gift: Gift) => Promise<boolean> }[]}
 */
function framesOf(rp) {
  const frames = []
  for (let i = 0; i < Math.min(rp.length, MAX_FRAMES); i++) {
    try {
      const frame = /** @type {any} */ (rp[i])
      const isOurs = frame.location.origin === location.origin
      if (isOurs && typeof frame.navidBridge?.accept === 'function') frames.push(frame.navidBridge)
    } catch {
      // another origin's
    }
  }
  return frames
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>}
 */
function within(promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, PATIENCE, undefined))])
}
