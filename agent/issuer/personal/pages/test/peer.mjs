// Does what the pages do with a document that the Go tests give it, and says what came of it.
// One JSON object on standard input, one on standard output.
import { readFileSync } from 'node:fs'
import { addPasskey, changeKey, changePassphrase } from '../change.js'
import { certify } from '../certificate.js'
import { parseDocument, withoutOldKeys, write } from '../document.js'
import { random } from '../encoding.js'
import { openDocument } from '../seal.js'
import { openByPasskey, openByPassphrase } from '../slots.js'

const { document: text, passphrase, next, question } = JSON.parse(readFileSync(0, 'utf8'))

const document = parseDocument(text)
const contentKey = await openByPassphrase(document.encrypted, passphrase, true)
const opened = await openDocument(document, contentKey)
const newKey = await changeKey(document, opened, next)

const passkey = { credential: random(16), salt: random(32) }
const prf = random(32)
const both = await addPasskey(document, contentKey, { ...passkey, prf: prf.slice() })
const byPasskey = await openByPasskey(both.encrypted, { credential: passkey.credential, prf })

process.stdout.write(
  JSON.stringify({
    isWrongRefused: (await openByPassphrase(document.encrypted, passphrase + '!')) === null,
    isExtractable: opened.privateKey.extractable,
    rights: opened.rights,
    certificate: await certify(opened, question, question.now),
    byPasskey: await certify(await openDocument(both, byPasskey), question, question.now),
    newPassphrase: write(await changePassphrase(document, contentKey, next)),
    newKey: write(newKey),
    finished: write(withoutOldKeys(newKey)),
    withPasskey: write(both),
  }),
)
