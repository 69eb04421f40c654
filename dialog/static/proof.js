// @ts-check
/**
 * Proves an address to the host itself, on the screens of the dialog: to see one's account there,
 * or to add an address to it. No site is involved, and so no agent.
 */

import { ask } from './api.js'
import { suggestPasskeys } from './autofill.js'
import { hostNow } from './hosttime.js'

/** @typedef {ReturnType<typeof import('./screens.js').createScreens>} Screens */
/** @typedef {import('./api.js').Refusal} Refusal */

/**
 * Has the person prove an address.
 *
 * @param {Screens} screens
 * @param {{ email?: string, canGoBack?: boolean }} [wish] canGoBack: to add it to an account
 * @returns {Promise<boolean>} whether they have
 */
export async function proveAddress(screens, { email, canGoBack = false } = {}) {
  /** @type {import('./screens.js').Screen} */
  let screen = { screen: 'enter', email, canGoBack }
  for (;;) {
    const end = canGoBack ? () => {} : suggestPasskeys(screens.answer)
    const given = await screens.ask(screen)
    end()
    if (given.action === 'passkey') return true
    if (given.action !== 'next') return false
    const { email: typed = '', notMyDevice = false } = given
    const outcome = await proveByMail(screens, typed, notMyDevice)
    if (outcome !== 'back') return outcome === 'proven'
    screen = { screen: 'enter', email: typed, canGoBack }
  }
}

/**
 * @param {Screens} screens
 * @param {string} email
 * @param {boolean} notMyDevice
 * @returns {Promise<'proven' | 'back' | 'cancel'>}
 */
async function proveByMail(screens, email, notMyDevice) {
  let pending = await begun(screens, email, notMyDevice)
  /** @type {Partial<import('./screens.js').Screen>} */
  let problem = {}
  while (typeof pending === 'object') {
    const screen = { screen: 'code', email, notMyDevice, canGoBack: true, ...pending, ...problem }
    const { action, code } = await screens.ask(screen)
    if (action === 'back' || action === 'cancel') return action
    if (action !== 'next' && action !== 'resend') return 'proven'
    try {
      const { challenge } = pending
      if (action === 'resend') pending = await ask('challenge/resend', { challenge })
      else return (await ask('challenge/confirm', { challenge, code }), 'proven')
      problem = {}
    } catch (error) {
      problem = problemOf(/** @type {Refusal} */ (error), action)
    }
  }
  return pending
}

/**
 * @param {Screens} screens
 * @param {string} email
 * @param {boolean} elsewhere
 * @returns {Promise<any>} the challenge, or how the person left
 */
async function begun(screens, email, elsewhere) {
  for (;;) {
    try {
      return await ask('challenge', { email, elsewhere })
    } catch (error) {
      const { code, retryAfter } = /** @type {Refusal} */ (error)
      const retryAt = retryAfter && hostNow() + 1000 * retryAfter
      const known = code === 'provider_exists' ? 'own_provider' : code
      const screen = { screen: 'error', code: known, email, retryAt, canGoBack: true }
      const { action } = await screens.ask(screen)
      if (action !== 'retry') return action
    }
  }
}

/**
 * @param {Refusal} refusal
 * @param {string} action that was refused
 * @returns {Partial<import('./screens.js').Screen>}
 */
export function problemOf({ code, left, retryAfter = 0 }, action) {
  const until = hostNow() + 1000 * retryAfter
  if (code === 'challenge_unknown') return { code: 'code_expired' }
  if (code !== 'too_many') return { code, left }
  return action === 'resend' ? { code, resendAt: until } : { code, retryAt: until }
}
