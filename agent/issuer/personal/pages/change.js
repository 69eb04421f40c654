// Changes of the document. Each takes what was opened and returns the next document.
import { withEncrypted, withKey } from './document.js'
import { PASSKEY, PASSPHRASE } from './format.js'
import { generate, publicForm } from './keys.js'
import { sealKey, sealRights } from './seal.js'
import { newContentKey, newPasskeySlot, newPassphraseSlot } from './slots.js'

const withSlots = (document, slots) => withEncrypted(document, { slots })

const slotsBut = ({ encrypted: { slots } }, excluded) => slots.filter(({ kdf }) => kdf !== excluded)

/** Another passphrase for the same key; passkeys go on opening it. */
export const changePassphrase = async (document, contentKey, passphrase, rounds) =>
  withSlots(document, [
    await newPassphraseSlot(contentKey, passphrase, rounds),
    ...slotsBut(document, PASSPHRASE),
  ])

/**
 * A passkey that opens it, too.
 * @param {{ credential: Uint8Array, salt: Uint8Array, prf: Uint8Array }} passkey
 */
export const addPasskey = async (document, contentKey, passkey) =>
  withSlots(document, [
    ...document.encrypted.slots,
    await newPasskeySlot(contentKey, passkey.prf, passkey),
  ])

/** No passkeys any more. */
export const removePasskeys = (document) => withSlots(document, slotsBut(document, PASSKEY))

/** Other addresses for the same key. */
export const changeRights = async (document, contentKey, rights) =>
  withEncrypted(document, { rights: await sealRights(contentKey, rights) })

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
