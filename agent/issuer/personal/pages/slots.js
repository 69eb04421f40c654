// Slots: the content key, encrypted once by each thing that opens it. All keys stay inside WebCrypto;
// no script ever sees the bytes of one.
import { PASSKEY, PASSPHRASE, DEFAULT_ROUNDS } from './format.js'
import { random, utf8 } from './encoding.js'
import { normalized } from './passphrase.js'

const AES = { name: 'AES-GCM', length: 256 }
const { subtle } = globalThis.crypto

/** Parameters of AES-GCM; the purpose keeps a ciphertext from being taken for another. */
export const gcm = (iv, purpose) => ({
  name: 'AES-GCM',
  iv,
  additionalData: utf8('navid personal 1: ' + purpose),
})

export const newContentKey = () =>
  subtle.generateKey(AES, true, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'])

const derive = async (secret, kdf, parameters) => {
  const base = await subtle.importKey('raw', secret, kdf, false, ['deriveKey'])
  const key = await subtle.deriveKey(parameters, base, AES, false, ['wrapKey', 'unwrapKey'])
  secret.fill(0)
  return key
}

const fromPassphrase = (passphrase, { salt, rounds }) =>
  derive(utf8(normalized(passphrase)), 'PBKDF2', {
    name: 'PBKDF2',
    hash: 'SHA-256',
    salt,
    iterations: rounds,
  })

const fromPasskey = (prf, { salt }) =>
  derive(prf, 'HKDF', {
    name: 'HKDF',
    hash: 'SHA-256',
    salt,
    info: utf8('navid personal 1: passkey'),
  })

const close = async (wrappingKey, contentKey) => {
  const iv = random(12)
  const wrapped = await subtle.wrapKey('raw', contentKey, wrappingKey, gcm(iv, 'slot'))
  return { iv, ciphertext: new Uint8Array(wrapped) }
}

// Null means the wrong passphrase or passkey: AES-GCM says no more than that it does not fit.
const open = (wrappingKey, { iv, ciphertext }, isChanging) => {
  /** @type {KeyUsage[]} */
  const uses = isChanging
    ? ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
    : ['decrypt', 'unwrapKey']
  return subtle
    .unwrapKey('raw', ciphertext, wrappingKey, gcm(iv, 'slot'), AES, isChanging, uses)
    .catch(() => null)
}

/** A slot for a passphrase. */
export const newPassphraseSlot = async (contentKey, passphrase, rounds = DEFAULT_ROUNDS) => {
  const slot = { kdf: PASSPHRASE, rounds, salt: random(16) }
  return { ...slot, key: await close(await fromPassphrase(passphrase, slot), contentKey) }
}

/** A slot for a passkey: prf is what its PRF makes of the salt. */
export const newPasskeySlot = async (contentKey, prf, { credential, salt }) => {
  const slot = { kdf: PASSKEY, credential, salt }
  return { ...slot, key: await close(await fromPasskey(prf, slot), contentKey) }
}

/**
 * The content key, or null if the passphrase is wrong. It can be put into further slots if somebody is
 * changing the document.
 */
export const openByPassphrase = async ({ slots }, passphrase, isChanging = false) => {
  const slot = slots.find(({ kdf }) => kdf === PASSPHRASE)
  return open(await fromPassphrase(passphrase, slot), slot.key, isChanging)
}

/** The same by a passkey: { credential, prf } as passkey.js has it. */
export const openByPasskey = async ({ slots }, { credential, prf }, isChanging = false) => {
  const slot = slots.find(
    (slot) => slot.kdf === PASSKEY && String(slot.credential) === String(credential),
  )
  return slot ? open(await fromPasskey(prf, slot), slot.key, isChanging) : null
}

export const passkeySlots = ({ slots }) => slots.filter(({ kdf }) => kdf === PASSKEY)
