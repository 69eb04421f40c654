// Changes of the document. Each takes what was opened and returns the next document.
import { withKey, withSlots } from './document.js'
import { PASSPHRASE } from './format.js'
import { generate, publicForm } from './keys.js'
import { sealKey, sealRights } from './seal.js'
import { newContentKey, newPasskeySlot, newPassphraseSlot } from './slots.js'

/** Another passphrase for the same key; passkeys go on opening it. */
export const changePassphrase = async (document, contentKey, passphrase, rounds) => {
  const others = document.encrypted.slots.filter(({ kdf }) => kdf !== PASSPHRASE)
  return withSlots(document, [await newPassphraseSlot(contentKey, passphrase, rounds), ...others])
}

/** A passkey that opens it, too. */
export const addPasskey = async (document, contentKey, { prf, ...passkey }) =>
  withSlots(document, [...document.encrypted.slots, await newPasskeySlot(contentKey, prf, passkey)])

/** No passkeys any more. */
export const removePasskeys = (document) =>
  withSlots(
    document,
    document.encrypted.slots.filter(({ kdf }) => kdf === PASSPHRASE),
  )

/** Another key pair, under a content key that none of the present slots opens. */
export const changeKey = async (document, { algorithm, rights }, passphrase, rounds) => {
  const contentKey = await newContentKey()
  const pair = await generate(algorithm)
  const [key, sealedRights, slot] = await Promise.all([
    sealKey(contentKey, pair.privateKey),
    sealRights(contentKey, rights),
    newPassphraseSlot(contentKey, passphrase, rounds),
  ])
  return withKey(document, await publicForm(pair.publicKey), {
    algorithm,
    key,
    rights: sealedRights,
    slots: [slot],
  })
}
