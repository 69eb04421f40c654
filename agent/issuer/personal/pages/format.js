// The member "encrypted-private-key" of the support document. agent/issuer/personal/format.go reads and
// writes the same, and says what each part is.
//
// Whoever can put a document here could as well put other scripts here. The limits are for
// mistakes, for documents of later versions, and so that no number in a document stops a browser.
import { fromBase64url, toBase64url } from './encoding.js'
import { problem } from './problem.js'

export const VERSION = 1
export const CIPHER = 'AES-256-GCM'
export const PASSPHRASE = 'PBKDF2-SHA-256'
export const PASSKEY = 'WebAuthn-PRF-HKDF-SHA-256'
export const ALGORITHMS = ['RS256', 'ES256', 'EdDSA']

export const MIN_ROUNDS = 600_000
export const MAX_ROUNDS = 10_000_000
export const DEFAULT_ROUNDS = 1_000_000

const IV_BYTES = 12
const WRAPPED_KEY_BYTES = 32 + 16 // an AES key and its tag
const MAX_SEALED_BYTES = 16_384
const MAX_SLOTS = 8

const malformed = (what) =>
  problem('malformed', `The encrypted key in this site's support document is damaged: ${what}.`)

const unknown = (what) =>
  problem(
    'unknown',
    `The encrypted key in this site's support document is ${what}, which these pages do not know. Put up the pages of the program that made it.`,
  )

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

const bytesOf = (value, what, least, most = least) => {
  const bytes = fromBase64url(value)
  if (!bytes || bytes.length < least || bytes.length > most) throw malformed(what)
  return bytes
}

const sealedOf = (value, what, least, most = least) => {
  if (!isObject(value)) throw malformed(what)
  return {
    iv: bytesOf(value.iv, `${what}: iv`, IV_BYTES),
    ciphertext: bytesOf(value.ciphertext, what, least, most),
  }
}

const roundsOf = (value) => {
  if (!Number.isSafeInteger(value) || value < MIN_ROUNDS || value > MAX_ROUNDS) {
    throw malformed(`its rounds are not between ${MIN_ROUNDS} and ${MAX_ROUNDS}`)
  }
  return value
}

const slotOf = (value) => {
  if (!isObject(value)) throw malformed('a slot')
  const slot = {
    kdf: value.kdf,
    salt: bytesOf(value.salt, 'salt', 16, 64),
    key: sealedOf(value.key, 'key of a slot', WRAPPED_KEY_BYTES),
  }
  switch (value.kdf) {
    case PASSPHRASE:
      if (value.credential != null) throw malformed('a slot')
      return { ...slot, rounds: roundsOf(value.rounds) }
    case PASSKEY:
      if (value.rounds) throw malformed('a slot')
      return { ...slot, credential: bytesOf(value.credential, 'credential', 1, 1024) }
    default:
      throw unknown('in a slot of another kind')
  }
}

// One passphrase, so that a document cannot ask for the rounds of eight.
const slotsOf = (value) => {
  if (!Array.isArray(value) || value.length > MAX_SLOTS) throw malformed('slots')
  const slots = value.map(slotOf)
  if (slots.filter(({ kdf }) => kdf === PASSPHRASE).length !== 1) {
    throw malformed('it has not exactly one passphrase')
  }
  return slots
}

/** Reads the member, with bytes in place of texts. */
export const parseEncrypted = (value) => {
  if (!isObject(value)) throw malformed('it is not there')
  if (value.version !== VERSION) throw unknown(`of version ${JSON.stringify(value.version)}`)
  if (value.cipher !== CIPHER) throw unknown('encrypted by another cipher')
  if (!ALGORITHMS.includes(value.algorithm)) throw unknown('for another algorithm')
  return {
    algorithm: value.algorithm,
    key: sealedOf(value.key, 'key', 32, MAX_SEALED_BYTES),
    rights: sealedOf(value.rights, 'rights', 16, MAX_SEALED_BYTES),
    slots: slotsOf(value.slots),
  }
}

const written = (value) => {
  if (value instanceof Uint8Array) return toBase64url(value)
  if (Array.isArray(value)) return value.map(written)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, written(member)]))
}

/** Writes what parseEncrypted reads. */
export const writeEncrypted = (encrypted) => ({
  version: VERSION,
  cipher: CIPHER,
  ...written(encrypted),
})
