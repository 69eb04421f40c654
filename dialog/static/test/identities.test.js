// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { displayNames, firstScreen, knownAddresses } from '../identities.js'

const RP = 'https://rp.test'

const stored = (record) => ({
  getItem: (key) => (key === 'navid' ? JSON.stringify(record) : null),
})

const record = {
  version: 1,
  identities: [
    { email: 'old@idp.test', used: 1 },
    { email: 'here@idp.test', used: 2 },
    { email: 'latest@idp.test', used: 3 },
  ],
  sites: { [RP]: { email: 'here@idp.test', used: 2 } },
}

test('the address last used at the site is first, then the latest (B5.1)', () => {
  const known = knownAddresses(stored(record), RP)
  assert.deepEqual(known, ['here@idp.test', 'latest@idp.test', 'old@idp.test'])
})

test('at another site the latest is first', () => {
  assert.equal(knownAddresses(stored(record), 'https://rp2.test')[0], 'latest@idp.test')
})

test('what cannot be read means that nobody is known (B3.7)', () => {
  const broken = [
    { getItem: () => null },
    { getItem: () => '{' },
    { getItem: () => 'null' },
    {
      getItem: () => {
        throw new Error('SecurityError')
      },
    },
    stored({ ...record, version: 2 }),
    stored({ version: 1 }),
    stored({ version: 1, identities: [{ email: 7 }] }),
  ]
  for (const storage of broken) assert.deepEqual(knownAddresses(storage, RP), [])
})

test('international domains are known as people read them (B6.3)', () => {
  const identities = [
    { email: 'a@xn--e1afmkfd.test', display: 'пример.test' },
    { email: 'b@idp.test' },
    { email: 'c@odd.test', display: 7 },
  ]
  assert.deepEqual(displayNames(stored({ ...record, identities })), {
    'xn--e1afmkfd.test': 'пример.test',
  })
  for (const broken of [{}, { identities: [{ email: 7, display: 'x' }] }, { identities: [null] }]) {
    assert.deepEqual(displayNames(stored(broken)), {})
  }
  assert.deepEqual(displayNames({ getItem: () => '{' }), {})
})

test('the first screen is the one that the agent will ask', () => {
  const known = ['a@idp.test', 'b@idp.test']
  const cases = [
    [[], undefined, { screen: 'enter', email: '', canGoBack: false }],
    [[], 'new@idp.test', { screen: 'enter', email: 'new@idp.test', canGoBack: false }],
    [known, undefined, { screen: 'pick', identities: known }],
    [known, 'b@idp.test', { screen: 'pick', identities: ['b@idp.test', 'a@idp.test'] }],
    [known, 'new@idp.test', { screen: 'enter', email: 'new@idp.test', canGoBack: true }],
    [known, { length: 3 }, { screen: 'pick', identities: known }],
  ]
  for (const [addresses, hint, want] of cases) {
    assert.deepEqual(firstScreen(addresses, hint), want)
  }
})
