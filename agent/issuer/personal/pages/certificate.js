// Certificates (C5), with the limits of agent/issuer.
import { toBase64url, utf8 } from './encoding.js'
import { sign } from './keys.js'
import { problem } from './problem.js'
import { covers } from './rights.js'

const DAY = 24 * 60 * 60 * 1000
const BACKDATING = 10 * 1000 // for verifiers whose clock is slow (C5.1)
const MAX_KEY_CHARACTERS = 4096

const isDigits = (value, most) =>
  typeof value === 'string' && /^\d+$/.test(value) && value.length <= most
const isText = (value, most) =>
  typeof value === 'string' && /^[\w-]+$/.test(value) && value.length <= most

// The members of each kind of public key that is certified, and nothing else of what came.
const kinds = [
  ({ algorithm, n, e }) =>
    algorithm === 'RS' &&
    isDigits(n, 1234) &&
    n.length >= 616 &&
    isDigits(e, 10) && { algorithm, n, e },
  ({ kty, n, e }) =>
    kty === 'RSA' && isText(n, 683) && n.length >= 342 && isText(e, 6) && { kty, n, e },
  ({ kty, crv, x, y }) =>
    kty === 'EC' && crv === 'P-256' && isText(x, 43) && isText(y, 43) && { kty, crv, x, y },
  ({ kty, crv, x }) => kty === 'OKP' && crv === 'Ed25519' && isText(x, 43) && { kty, crv, x },
]

const publicKeyOf = (text) => {
  if (typeof text !== 'string' || text.length > MAX_KEY_CHARACTERS) {
    throw problem('public_key', 'The browser sent no public key.')
  }
  const value = JSON.parse(text)
  const key = value && kinds.map((kind) => kind(value)).find(Boolean)
  if (!key) throw problem('public_key', 'The public key is of a kind that is not certified.')
  return key
}

const part = (value) => toBase64url(utf8(JSON.stringify(value)))

/** Signs that the owner of an address has a key, for as long as was asked and a day at most. */
export const certify = async (session, { email, publicKey, seconds }, now = Date.now()) => {
  const { algorithm, privateKey, rights } = session
  if (!covers(rights, email)) throw problem('address', 'This key does not speak for that address.')
  if (!(seconds >= 1)) throw problem('duration', 'The browser did not say for how long.')
  const at = email.lastIndexOf('@')
  const claims = {
    iss: rights.domain,
    iat: now - BACKDATING,
    exp: now + Math.min(Math.floor(seconds) * 1000, DAY - BACKDATING),
    'public-key': publicKeyOf(publicKey),
    principal: { email: email.slice(0, at) + email.slice(at).toLowerCase() },
  }
  const input = part({ alg: algorithm }) + '.' + part(claims)
  return input + '.' + toBase64url(await sign(algorithm, privateKey, utf8(input)))
}
