// The key-change page: makes the next support document, which its owner then puts up.
import { addPasskey, changeKey, changePassphrase, changeRights, removePasskeys } from './change.js'
import { fetchDocument, withoutOldKeys } from './document.js'
import { attempt, byId, isAlone, show } from './page.js'
import { hasPasskeys, makePasskey } from './passkey.js'
import { normalized, suggest, weakness } from './passphrase.js'
import { problem } from './problem.js'
import { showResult } from './result.js'
import { readLines, writeLines } from './rights.js'
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

// A second change goes on from the first, which its owner may not have put up yet.
const changesOf = (document) => async (note, make) => {
  document = await make(document)
  showResult(document, note)
}

const changeSecret = ({ contentKey, opened, changes }) =>
  onSubmit('change', async () => {
    const passphrase = newPassphrase()
    if (!byId('new-key').checked) {
      await changes('new-passphrase', (now) => changePassphrase(now, contentKey, passphrase))
      return byId('change').reset()
    }
    await changes('new-key', (now) => changeKey(now, opened, passphrase))
    show('changes', false) // nothing here opens the new key
  })

const changePasskeys = ({ document, contentKey, changes }) => {
  show('passkeys', hasPasskeys())
  show('remove-passkeys', passkeySlots(document.encrypted).length > 0)
  onSubmit('passkeys', async (what) => {
    if (what === 'remove') return changes('passkey', removePasskeys)
    const passkey = await makePasskey()
    await changes('passkey', (now) => addPasskey(now, contentKey, passkey))
    show('remove-passkeys')
  })
}

const changeAddresses = ({ contentKey, opened, changes }) => {
  byId('list').value = writeLines(opened.rights)
  onSubmit('addresses', () => {
    opened.rights = readLines(opened.rights.domain, byId('list').value)
    return changes('addresses', (now) => changeRights(now, contentKey, opened.rights))
  })
}

const showChanges = ({ document, contentKey, opened }) => {
  checkRight(opened, null, location.hostname)
  const open = { document, contentKey, opened, changes: changesOf(document) }
  byId('suggestion').textContent = suggest()
  changeSecret(open)
  changePasskeys(open)
  changeAddresses(open)
  show('unlock', false)
  show('changes')
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
