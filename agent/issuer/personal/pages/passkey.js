// Passkeys that open the key: an authenticator with the PRF extension makes a secret of a salt, the
// same one each time, after its owner's fingerprint or PIN.
import { random, toBase64url } from './encoding.js'
import { problem } from './problem.js'

export const hasPasskeys = () => 'PublicKeyCredential' in window

const unwilling = () =>
  problem(
    'passkey',
    'That passkey did not open it, or was not used. Try again, or use the passphrase.',
  )

const incapable = () =>
  problem(
    'no_prf',
    'This passkey cannot keep a secret for the page (the PRF extension is missing here). The passphrase goes on working.',
  )

/** @returns {Promise<any>} */
const ask = (options) => navigator.credentials.get({ publicKey: options }).catch(() => null)

// Nobody checks the signature: what counts is whether the secret fits.
const evaluate = async (allowCredentials, evalByCredential) => {
  const answer = await ask({
    challenge: random(32),
    allowCredentials,
    userVerification: 'required',
    extensions: { prf: { evalByCredential } },
  })
  if (!answer) throw unwilling()
  const prf = answer.getClientExtensionResults().prf?.results?.first
  if (!prf) throw incapable()
  return { credential: new Uint8Array(answer.rawId), prf: new Uint8Array(prf) }
}

/** Has one of the passkeys of some slots used: { credential, prf }. */
export const usePasskey = (slots) =>
  evaluate(
    slots.map(({ credential }) => ({ type: 'public-key', id: credential })),
    Object.fromEntries(
      slots.map(({ credential, salt }) => [toBase64url(credential), { first: salt }]),
    ),
  )

/** Makes a passkey: { credential, salt, prf }. */
export const makePasskey = async () => {
  const domain = location.hostname
  /** @type {any} */
  const made = await navigator.credentials
    .create({
      publicKey: {
        rp: { id: domain, name: domain },
        user: { id: random(16), name: domain, displayName: `Identity of ${domain}` },
        challenge: random(32),
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        extensions: { prf: {} },
      },
    })
    .catch(() => null)
  if (!made) throw problem('passkey', 'No passkey was made.')
  if (!made.getClientExtensionResults().prf?.enabled) throw incapable()
  const salt = random(32)
  const id = new Uint8Array(made.rawId)
  const { prf } = await usePasskey([{ credential: id, salt }])
  return { credential: id, salt, prf }
}
