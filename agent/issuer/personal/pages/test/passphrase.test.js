import assert from 'node:assert/strict'
import test from 'node:test'
import { normalized, suggest, weakness } from '../passphrase.js'
import { cases } from './cases.js'

for (const [one, other] of cases.same) {
  test(`the same: ${one}`, () => assert.equal(normalized(one), normalized(other)))
}

test('weak ones are told apart', () => {
  for (const passphrase of cases.weak) assert.notEqual(weakness(passphrase), '', passphrase)
  for (const passphrase of cases.strong) assert.equal(weakness(passphrase), '', passphrase)
})

test('a suggestion is five words of all consonants and vowels', () => {
  const seen = new Set()
  for (let i = 0; i < 500; i++) {
    const passphrase = suggest()
    assert.match(
      passphrase,
      /^([bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz](-|$)){5}$/,
    )
    for (const character of passphrase) seen.add(character)
  }
  assert.equal(seen.size, 16 + 4 + 1)
})
