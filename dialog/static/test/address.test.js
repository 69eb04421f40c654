// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { isAddress, isHost, normalizeAddress } from '../address.js'

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

test('an address is what the agent takes for one (B6.1)', () => {
  const addresses = [
    'a@b.c',
    "o'hara+x@idp.test",
    'Alice@IdP.test',
    'a@xn--bcher-kva.example',
    'a@0.test',
    `${'l'.repeat(64)}@idp.test`,
    `a@${'b'.repeat(63)}.test`,
  ]
  for (const text of addresses) assert.ok(isAddress(text), text)
  const others = [
    '',
    'a',
    'a@',
    '@b.c',
    'a@b',
    'a@b.',
    'a@.b',
    'a@b..c',
    'a b@c.d',
    'a@b@c.d',
    'a@-b.c',
    'a@b-.c',
    'a@b_c.d',
    'a@127.0.0.1',
    'a@[::1]',
    'a@b.0x7f',
    'ä@idp.test',
    'a@bücher.example',
    '"a"@idp.test',
    'a,b@idp.test',
    'a\n@idp.test',
    'a@idp.test\n',
    `${'l'.repeat(65)}@idp.test`,
    `a@${'b'.repeat(64)}.test`,
    `a@${'b.'.repeat(126)}c`,
  ]
  for (const text of others) assert.ok(!isAddress(text), text)
})

test('a host is a bare name', () => {
  for (const host of ['idp.test', 'localhost', 'IdP.Test', '1.test']) assert.ok(isHost(host), host)
  const others = ['', '.', 'idp.test.', 'idp.test:443', 'https://idp.test', '1.2.3.4', '2130706433']
  for (const host of [...others, '0x7f', '[::1]', 'b'.repeat(254)]) assert.ok(!isHost(host), host)
})

// They lie outside of the repository (NAVID_VECTORS).
const vectors = process.env.NAVID_VECTORS
test('the cases of old: addresses', { skip: !vectors }, () => {
  const { cases } = JSON.parse(readFileSync(`${vectors}/email_cases.json`, 'utf8'))
  assert.ok(cases.length > 10)
  for (const { address, valid } of cases) {
    if (typeof valid === 'boolean') assert.equal(isAddress(address), valid, address)
  }
})
