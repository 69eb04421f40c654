// The key-change page: makes the next support document, which its owner then puts up.
import { addPasskey, changeKey, changePassphrase, removePasskeys } from './change.js'
import { fetchDocument, withoutOldKeys } from './document.js'
import { attempt, byId, isAlone, show } from './page.js'
import { hasPasskeys, makePasskey } from './passkey.js'
import { normalized, suggest, weakness } from './passphrase.js'
import { problem } from './problem.js'
import { showResult } from './result.js'
import { checkRight } from './seal.js'
import { passkeySlots } from './slots.js'
import { showUnlock } from './unlock.js'

const onSubmit = (id, work) =>
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(byId(id), () => work(event.submitter?.value))
  })

const newPassphrase = () => {
  const [first, again] = [byId('new'), byId('again')]
  if (normalized(first.value) !== normalized(again.value)) {
    throw problem('different', 'The two are not the same.')
  }
  const complaint = weakness(first.value)
  if (complaint) throw problem('weak', complaint)
  return first.value
}

const change = ({ document, contentKey, opened }) =>
  onSubmit('change', async () => {
    const passphrase = newPassphrase()
    const isNewKey = byId('new-key').checked
    const next = isNewKey
      ? await changeKey(document, opened, passphrase)
      : await changePassphrase(document, contentKey, passphrase)
    showResult(next, isNewKey ? 'new-key' : 'new-passphrase')
    byId('change').reset()
  })

const passkeys = ({ document, contentKey }) => {
  show('passkeys', hasPasskeys())
  show('remove-passkeys', passkeySlots(document.encrypted).length > 0)
  onSubmit('passkeys', async (what) => {
    const next =
      what === 'add'
        ? await addPasskey(document, contentKey, await makePasskey())
        : removePasskeys(document)
    showResult(next, 'passkey')
  })
}

const showChanges = (open) => {
  checkRight(open.opened, null, location.hostname)
  show('unlock', false)
  show('changes')
  byId('suggestion').textContent = suggest()
  change(open)
  passkeys(open)
}

const showFinish = async () => {
  const document = await fetchDocument()
  if (document.oldKeys.length === 0) return
  show('finish')
  const isEarly = document.oldUntil > Date.now()
  show('too-early', isEarly)
  byId('from').textContent = new Date(document.oldUntil).toLocaleString([], {
    dateStyle: 'long',
    timeStyle: 'short',
  })
  onSubmit('finish', () => showResult(withoutOldKeys(document), 'finished'))
}

if (isAlone()) {
  showUnlock(showChanges, true)
  showFinish().catch(() => {}) // the form above says the same
}
