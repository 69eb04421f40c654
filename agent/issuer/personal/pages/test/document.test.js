import assert from 'node:assert/strict'
import test from 'node:test'
import { addPasskey, changeKey, changePassphrase, changeRights, removePasskeys } from '../change.js'
import { OVERLAP, parseDocument, withKey, withoutOldKeys } from '../document.js'
import { MIN_ROUNDS, writeEncrypted } from '../format.js'
import { generate, publicForm } from '../keys.js'
import { openDocument, sealKey, sealRights } from '../seal.js'
import { newContentKey, newPassphraseSlot, openByPasskey, openByPassphrase } from '../slots.js'

const OLD = 'lusab-babad-gutih-tugad-mabiv'
const NEW = 'tugad-mabiv-lusab-babad-gutih'
const rights = { domain: 'example.com', addresses: ['ann@example.com'], patterns: [] }

const contentKey = await newContentKey()
const pair = await generate('ES256')
const members = {
  'public-key': await publicForm(pair.publicKey),
  authentication: '/a',
  provisioning: '/p',
  extra: 1,
  'encrypted-private-key': writeEncrypted({
    algorithm: 'ES256',
    key: await sealKey(contentKey, pair.privateKey),
    rights: await sealRights(contentKey, rights),
    slots: [await newPassphraseSlot(contentKey, OLD, MIN_ROUNDS)],
  }),
}
const document = parseDocument(JSON.stringify(members))
const open = async (document, passphrase) => {
  const contentKey = await openByPassphrase(document.encrypted, passphrase)
  return contentKey && openDocument(document, contentKey)
}

test('the private key signs, and cannot be exported', async () => {
  const { privateKey, rights: opened } = await open(document, OLD)
  assert.deepEqual(opened, rights)
  assert.equal(privateKey.extractable, false)
  for (const format of ['pkcs8', 'jwk']) {
    await assert.rejects(crypto.subtle.exportKey(format, privateKey), /not extractable/i)
  }
  const contentKey = await openByPassphrase(document.encrypted, OLD)
  await assert.rejects(crypto.subtle.exportKey('raw', contentKey), /not extractable/i)
})

test('a new passphrase opens the same key, and the old one no longer does', async () => {
  const next = await changePassphrase(document, contentKey, NEW, MIN_ROUNDS)
  assert.deepEqual(next.publicKey, document.publicKey)
  assert.equal(next.members.extra, 1)
  assert.equal(await open(next, OLD), null)
  assert.ok(await open(next, NEW))
})

test('a new key signs, the old one stays published for a while, then goes', async () => {
  const before = Date.now()
  const next = await changeKey(document, { algorithm: 'ES256', rights }, NEW, MIN_ROUNDS)
  assert.notDeepEqual(next.publicKey, document.publicKey)
  assert.deepEqual(next.oldKeys, [document.publicKey])
  assert.ok(next.oldUntil >= before + OVERLAP && next.oldUntil <= Date.now() + OVERLAP)
  assert.equal(await open(next, OLD), null)
  assert.deepEqual((await open(next, NEW)).rights, rights)

  const finished = withoutOldKeys(next)
  assert.deepEqual(Object.keys(finished.members).sort(), Object.keys(members).sort())
  assert.deepEqual(finished.publicKey, next.publicKey)
})

test('a passkey opens it until passkeys are removed', async () => {
  const prf = () => new Uint8Array(32).fill(7)
  const credential = new Uint8Array([1, 2, 3])
  const passkey = { credential, salt: new Uint8Array(32), prf: prf() }
  const next = await addPasskey(document, contentKey, passkey)
  assert.ok(await openByPasskey(next.encrypted, { credential, prf: prf() }))
  assert.equal(await openByPasskey(next.encrypted, { credential, prf: new Uint8Array(32) }), null)
  const other = { credential: new Uint8Array([1]), prf: prf() }
  assert.equal(await openByPasskey(next.encrypted, other), null)
  assert.ok(await open(next, OLD))
  assert.deepEqual(removePasskeys(next).members, document.members)
})

test('other addresses, with the same passphrase', async () => {
  const others = { ...rights, patterns: ['*@example.com'] }
  const next = await changeRights(document, contentKey, others)
  assert.deepEqual((await open(next, OLD)).rights, others)
  assert.deepEqual(next.encrypted.slots, document.encrypted.slots)
})

test('a document that was put together wrong is refused', async () => {
  const { publicKey } = await generate('ES256')
  const mixed = withKey(document, await publicForm(publicKey), document.encrypted)
  await assert.rejects(open(mixed, OLD), { code: 'mismatch' })
  const { encrypted } = document
  const swapped = { ...document, encrypted: { ...encrypted, rights: encrypted.key } }
  await assert.rejects(open(swapped, OLD), { code: 'damaged' })
})

test('what is no document is said to be none', () => {
  for (const text of ['', '[]', '"x"', 'null', '{"authority":"example.com"}', 'x'.repeat(70_000)]) {
    assert.throws(() => parseDocument(text), { code: 'malformed' })
  }
})
