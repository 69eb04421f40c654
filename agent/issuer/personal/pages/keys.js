// Signing keys: what WebCrypto calls them, and how support documents write the public ones (C4).
import { fromBase64url, random, toBase64url } from './encoding.js'

const { subtle } = globalThis.crypto

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const parameters = {
  RS256: { key: RSA, make: { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) } },
  ES256: { key: { name: 'ECDSA', namedCurve: 'P-256' }, make: {} },
  EdDSA: { key: { name: 'Ed25519' }, make: {} },
}

export const importParameters = (algorithm) => parameters[algorithm].key

/** A new key pair. Its private key can be wrapped once, and is for nothing else. */
export const generate = (algorithm) => {
  const { key, make } = parameters[algorithm]
  return subtle.generateKey({ ...key, ...make }, true, ['sign', 'verify'])
}

// Signatures of JWS are what WebCrypto makes: ECDSA's is r and s, 32 bytes each.
export const sign = async (algorithm, key, bytes) =>
  new Uint8Array(await subtle.sign({ ...parameters[algorithm].key, hash: 'SHA-256' }, key, bytes))

const decimal = (base64url) => {
  const hex = Array.from(fromBase64url(base64url) ?? [], (byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  return BigInt('0x' + hex.join('')).toString()
}

const base64url = (decimal) => {
  const hex = BigInt(decimal).toString(16)
  const even = hex.padStart(hex.length + (hex.length % 2), '0')
  return toBase64url(Uint8Array.from(even.match(/../g) ?? [], (byte) => parseInt(byte, 16)))
}

/** A public key as documents have it: RSA in the form that old verifiers read. */
export const publicForm = async (key) => {
  const { kty, crv, n, e, x, y } = await subtle.exportKey('jwk', key)
  if (kty === 'RSA') return { algorithm: 'RS', n: decimal(n), e: decimal(e) }
  return kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }
}

const toJWK = ({ algorithm, n, e, ...jwk }) =>
  algorithm === 'RS' ? { kty: 'RSA', n: base64url(n), e: base64url(e) } : jwk

/** Whether a signature by the private key verifies with a public one of a document. */
export const isPair = async (algorithm, privateKey, form) => {
  const probe = random(32)
  const { key } = parameters[algorithm]
  try {
    const publicKey = await subtle.importKey('jwk', toJWK(form), key, false, ['verify'])
    const signature = await sign(algorithm, privateKey, probe)
    return await subtle.verify({ ...key, hash: 'SHA-256' }, publicKey, signature, probe)
  } catch {
    return false // it is not even of the same kind
  }
}

/** Whether two public keys, as documents have them, are the same one. */
export const isSame = (a, b) => {
  const text = (form) => JSON.stringify(Object.entries(form).sort())
  return text(a) === text(b)
}
