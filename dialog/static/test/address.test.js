// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { looksLikeAddress, normalizeAddress } from '../address.js'

test('an address stays as typed, but for spaces around and an international domain (B6.3)', () => {
  const cases = {
    ' alice@idp.test ': 'alice@idp.test',
    'Alice@IdP.test': 'Alice@IdP.test',
    'alice@bücher.example': 'alice@xn--bcher-kva.example',
    'alice@пример.test': 'alice@xn--e1afmkfd.test',
    'bücher@idp.test': 'bücher@idp.test',
    alice: 'alice',
    'alice@bücher.example/x': 'alice@bücher.example/x',
    'alice@bücher.example:80': 'alice@bücher.example:80',
    'a@b@bücher.example': 'a@b@xn--bcher-kva.example',
  }
  for (const [typed, want] of Object.entries(cases)) assert.equal(normalizeAddress(typed), want)
})

test('the outline of an address', () => {
  for (const text of ['a@b', 'a@b.c', "o'hara+x@idp.test"]) assert.ok(looksLikeAddress(text), text)
  const others = [
    '',
    'a',
    'a@',
    '@b',
    'a@b.',
    'a@.b',
    'a@b..c',
    'a b@c',
    'a@b@c',
    `a@${'b'.repeat(254)}`,
  ]
  for (const text of others) assert.ok(!looksLikeAddress(text), text)
})
