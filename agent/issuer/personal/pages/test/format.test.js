import assert from 'node:assert/strict'
import test from 'node:test'
import { parseEncrypted, writeEncrypted } from '../format.js'
import { cases } from './cases.js'

const put = (value, [name, ...rest], changed) => {
  const copy = structuredClone(value)
  copy[name] = rest.length ? put(copy[name], rest, changed) : changed
  return copy
}

test('what is written is what was read', () => {
  assert.deepEqual(writeEncrypted(parseEncrypted(cases.encrypted)), cases.encrypted)
})

for (const { name, at, value, code } of cases.refused) {
  test(`refused: ${name}`, () => {
    assert.throws(() => parseEncrypted(put(cases.encrypted, at, value)), { code })
  })
}

test('refused: two passphrases, nine slots, nothing', () => {
  const [passphrase, passkey] = cases.encrypted.slots
  const slots = (slots) => parseEncrypted({ ...cases.encrypted, slots })
  assert.throws(() => slots([passphrase, passphrase]), { code: 'malformed' })
  assert.throws(() => slots([passkey]), { code: 'malformed' })
  assert.throws(() => slots([passphrase, ...Array(8).fill(passkey)]), { code: 'malformed' })
  assert.throws(() => parseEncrypted(undefined), { code: 'malformed' })
  assert.throws(() => parseEncrypted([]), { code: 'malformed' })
})
