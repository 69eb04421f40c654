// @ts-check
/**
 * Passkeys: the browser's part of the two ceremonies. Options come, and credentials go, as JSON
 * (WebAuthn level 3); browsers that cannot convert them themselves are still many.
 */

import { ask, refusal } from './api.js'

/** @typedef {Record<string, any>} Json */

/** Whether this browser knows passkeys at all. */
export function knowsPasskeys() {
  return typeof globalThis.PublicKeyCredential === 'function'
}

/** Whether this device can make one itself, without another device beside it. */
export async function makesPasskeys() {
  if (!knowsPasskeys()) return false
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false)
}

/** Whether the browser offers them in a field for an address. */
export async function autofillsPasskeys() {
  const isAvailable = knowsPasskeys() && PublicKeyCredential.isConditionalMediationAvailable
  return isAvailable ? isAvailable.call(PublicKeyCredential).catch(() => false) : false
}

/**
 * Signs in to the host with a passkey. Nothing of what was typed is asked about: the person's
 * device knows which passkeys it has (G16).
 *
 * @param {{ elsewhere?: boolean, mediation?: CredentialMediationRequirement, signal?: AbortSignal }} [options]
 * @returns {Promise<string[]>} the addresses that it proves
 * @throws {import('./api.js').Refusal} with the host's code, or passkey_cancelled
 */
export async function usePasskey({ elsewhere = false, mediation, signal } = {}) {
  const { ceremony, options } = await ask('passkey/login', { elsewhere })
  const publicKey = /** @type {any} */ (decoded(options))
  const credential = await navigator.credentials
    .get({ publicKey, mediation, signal })
    .catch((cause) => Promise.reject(refusal('passkey_cancelled', { cause })))
  const { addresses } = await ask('passkey/loggedin', { ceremony, credential: encoded(credential) })
  return addresses.map((/** @type {{ email: string }} */ { email }) => email)
}

/**
 * Makes a passkey for what this browser has proven.
 *
 * @param {string} name for people
 * @throws {import('./api.js').Refusal} with the host's code, passkey_known or passkey_cancelled
 */
export async function makePasskey(name) {
  const { ceremony, options } = await ask('passkey/enrol')
  const publicKey = /** @type {any} */ (decoded(options))
  const credential = await navigator.credentials.create({ publicKey }).catch((cause) => {
    const isKnown = cause.name === 'InvalidStateError'
    throw refusal(isKnown ? 'passkey_known' : 'passkey_cancelled', { cause })
  })
  const question = { ceremony, name, credential: encoded(credential) }
  return (await ask('passkey/enrolled', question)).passkey
}

/** What to call a passkey of this device until its owner has a better name. */
export function deviceName({ userAgent } = navigator) {
  const known = ['iPhone', 'iPad', 'Android', 'CrOS', 'Windows', 'Macintosh', 'Linux']
  const system = known.find((name) => userAgent.includes(name)) ?? 'Passkey'
  const spelt = { CrOS: 'Chromebook', Macintosh: 'Mac' }
  return Object.hasOwn(spelt, system) ? spelt[/** @type {keyof typeof spelt} */ (system)] : system
}

/**
 * Options as the browser takes them: what is binary comes as base64url.
 *
 * @param {Json} options
 * @returns {Json}
 */
export function decoded(options) {
  const withBytes = (/** @type {Json} */ { id, ...rest }) => ({ ...rest, id: bytes(id) })
  const { challenge, user, excludeCredentials, allowCredentials, ...rest } = options
  return {
    ...rest,
    challenge: bytes(challenge),
    ...(user && { user: withBytes(user) }),
    ...(excludeCredentials && { excludeCredentials: excludeCredentials.map(withBytes) }),
    ...(allowCredentials && { allowCredentials: allowCredentials.map(withBytes) }),
  }
}

/** The binary members of what an authenticator answers. */
const BINARY = [
  'clientDataJSON',
  'attestationObject',
  'authenticatorData',
  'signature',
  'userHandle',
]

/**
 * A credential as JSON.
 *
 * @param {any} credential a PublicKeyCredential
 */
export function encoded(credential) {
  const { id, rawId, type, response, authenticatorAttachment } = credential
  const present = BINARY.filter((name) => response[name])
  const binary = present.map((name) => [name, base64url(response[name])])
  return {
    id,
    rawId: base64url(rawId),
    type,
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(binary),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  }
}

/** @param {string} text */
function bytes(text) {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

/** @param {ArrayBuffer} buffer */
function base64url(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
