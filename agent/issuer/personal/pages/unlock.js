// The form that opens the document, on the authentication page and on the key-change page.
import { fetchDocument } from './document.js'
import { attempt, byId, show } from './page.js'
import { hasPasskeys, usePasskey } from './passkey.js'
import { problem } from './problem.js'
import { openDocument } from './seal.js'
import { openByPasskey, openByPassphrase, passkeySlots } from './slots.js'

const byPassphrase = async (encrypted, isChanging) => {
  const field = byId('passphrase')
  const contentKey = await openByPassphrase(encrypted, field.value, isChanging)
  if (!contentKey) {
    field.select()
    throw problem('passphrase', 'That is not the passphrase. Nothing is lost: try again.')
  }
  field.value = ''
  return contentKey
}

const byPasskey = async (encrypted, isChanging) => {
  const passkey = await usePasskey(passkeySlots(encrypted))
  const contentKey = await openByPasskey(encrypted, passkey, isChanging)
  if (!contentKey) throw problem('passkey', 'That passkey does not open this key.')
  return contentKey
}

/**
 * Shows the form, and hands over what was opened: { document, contentKey, opened }. What then
 * throws is shown in the form, which stays. Changes need a content key that goes into other slots.
 */
export const showUnlock = async (onOpen, isChanging = false) => {
  const form = byId('unlock')
  const open = (by) =>
    attempt(form, async () => {
      const document = await fetchDocument()
      const contentKey = await by(document.encrypted, isChanging)
      await onOpen({ document, contentKey, opened: await openDocument(document, contentKey) })
    })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    open(byPassphrase)
  })
  byId('use-passkey').addEventListener('click', () => open(byPasskey))
  show('unlock')
  byId('passphrase').focus()
  await attempt(form, async () => {
    const { encrypted } = await fetchDocument()
    show('use-passkey', hasPasskeys() && passkeySlots(encrypted).length > 0)
  })
}
