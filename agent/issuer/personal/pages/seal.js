// What the content key encrypts: the private key, which goes from ciphertext to a CryptoKey inside
// WebCrypto, and the rights.
import { random, utf8 } from './encoding.js'
import { importParameters, isPair } from './keys.js'
import { problem } from './problem.js'
import { covers, parseRights } from './rights.js'
import { gcm } from './slots.js'

const { subtle } = globalThis.crypto

export const sealKey = async (contentKey, privateKey) => {
  const iv = random(12)
  const wrapped = await subtle.wrapKey('pkcs8', privateKey, contentKey, gcm(iv, 'key'))
  return { iv, ciphertext: new Uint8Array(wrapped) }
}

export const sealRights = async (contentKey, rights) => {
  const iv = random(12)
  const text = utf8(JSON.stringify(rights))
  return {
    iv,
    ciphertext: new Uint8Array(await subtle.encrypt(gcm(iv, 'rights'), contentKey, text)),
  }
}

const unsealKey = ({ algorithm, key: { iv, ciphertext } }, contentKey) =>
  subtle.unwrapKey(
    'pkcs8',
    ciphertext,
    contentKey,
    gcm(iv, 'key'),
    importParameters(algorithm),
    false, // never to be exported again
    ['sign'],
  )

const unsealRights = async ({ rights: { iv, ciphertext } }, contentKey) =>
  parseRights(
    new TextDecoder().decode(await subtle.decrypt(gcm(iv, 'rights'), contentKey, ciphertext)),
  )

const unseal = (encrypted, contentKey) =>
  Promise.all([unsealKey(encrypted, contentKey), unsealRights(encrypted, contentKey)]).catch(() => {
    throw problem(
      'damaged',
      'The key was opened, and what it encrypts is damaged, or this browser does not know its algorithm.',
    )
  })

/** Opens a document with its content key. The private key can sign, and cannot be read. */
export const openDocument = async ({ publicKey, encrypted }, contentKey) => {
  const [privateKey, rights] = await unseal(encrypted, contentKey)
  const { algorithm } = encrypted
  if (!(await isPair(algorithm, privateKey, publicKey))) {
    throw problem('mismatch', "The document's public key is not that of its private key.")
  }
  return { algorithm, privateKey, publicKey, rights }
}

/** Throws unless the key speaks for the address, at the domain that the page is on. */
export const checkRight = ({ rights }, email, hostname) => {
  if (rights.domain !== hostname) {
    throw problem('domain', `This key is for ${rights.domain}, and this page is at ${hostname}.`)
  }
  if (email !== null && !covers(rights, email)) {
    throw problem('address', `That was right, but this key does not speak for ${email}.`)
  }
}
