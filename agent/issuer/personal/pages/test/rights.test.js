import assert from 'node:assert/strict'
import test from 'node:test'
import { covers, parseRights, readLines, writeLines } from '../rights.js'
import { checkRight } from '../seal.js'
import { cases } from './cases.js'

const rights = parseRights(JSON.stringify(cases.rights))

for (const email of cases.covered) {
  test(`covered: ${email}`, () => assert.equal(covers(rights, email), true))
}

for (const email of [...cases.uncovered, null, undefined, 7, ['ann@example.com']]) {
  test(`not covered: ${email}`, () => assert.equal(covers(rights, email), false))
}

test('a pattern needs exactly one star', () => {
  const of = (pattern) =>
    covers({ ...rights, addresses: [], patterns: [pattern] }, 'ann@example.com')
  assert.equal(of('*@example.com'), true)
  assert.equal(of('ann@example.com'), false)
  assert.equal(of('*n*@example.com'), false)
})

test('damaged rights are refused', () => {
  const refused = ['{}', '{"domain":"x","addresses":"y"}', '{"domain":"x","patterns":[1]}']
  for (const text of refused) assert.throws(() => parseRights(text), { code: 'malformed' })
})

test('the key is for its own domain and addresses', () => {
  checkRight({ rights }, 'ann@example.com', 'example.com')
  checkRight({ rights }, null, 'example.com')
  assert.throws(() => checkRight({ rights }, 'ann@example.com', 'evil.test'), { code: 'domain' })
  assert.throws(() => checkRight({ rights }, 'eve@example.com', 'example.com'), { code: 'address' })
})

test('the owner edits them as lines', () => {
  assert.deepEqual(readLines('example.com', writeLines(rights)), rights)
  assert.deepEqual(readLines('example.com', '\n ann@example.com \r\n\n*@example.com'), {
    domain: 'example.com',
    addresses: ['ann@example.com'],
    patterns: ['*@example.com'],
  })
  const wrong = ['', ' \n', 'ann', 'ann@evil.test', '**@example.com', 'a b@example.com']
  for (const text of [...wrong, 'ann@example.com\n'.repeat(101)]) {
    assert.throws(() => readLines('example.com', text), { code: /^entr/ }, text)
  }
})
