// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ITEM, keyName, LONGEST, openRecords } from '../records.js'

const RP = 'https://www.rp.test'
const SIBLING = 'https://evil.rp.test'
const NOW = 1_800_000_000_000

/** A storage in memory, with a clock. */
function opened(text) {
  const items = new Map(text === undefined ? [] : [[ITEM, text]])
  const storage = {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => items.set(name, value),
  }
  const clock = { now: NOW }
  const records = openRecords(storage, () => clock.now)
  return { records, clock, text: () => items.get(ITEM) }
}

const login = (more) => ({
  ...{ loggedIn: true, email: 'alice@idp.test', certificate: 'c', thumbprint: 't' },
  ...{ authority: 'idp.test', until: NOW + 1000, ahead: 0, ...more },
})

test('a log-in is for one exact origin (E5)', () => {
  const { records } = opened()
  records.logIn(RP, login())
  assert.deepEqual(records.of(RP), login())
  for (const other of [
    SIBLING,
    'http://www.rp.test',
    'https://rp.test',
    RP + ':8443',
    '__proto__',
  ]) {
    assert.equal(records.of(other), undefined, other)
  }
})

test('a log-in ends in time, also when the clock is set back', () => {
  const { records, clock } = opened()
  records.logIn(RP, login())
  clock.now = NOW + 1000
  assert.equal(records.of(RP), undefined)
  clock.now = NOW - LONGEST
  assert.equal(records.of(RP), undefined)
  records.logIn(RP, login({ until: 'soon' }))
  assert.equal(records.of(RP), undefined)
})

test('what has ended is forgotten, and its key not needed', () => {
  const { records, clock } = opened()
  records.logIn(RP, login())
  records.logIn(SIBLING, login({ until: NOW + 5000 }))
  records.logOut('https://other.rp.test')
  assert.equal(records.dropOld(), false)
  const names = [RP, SIBLING].map((origin) => keyName(origin, 'alice@idp.test'))
  assert.deepEqual(records.endedKeys(names), [])
  clock.now += 2000
  assert.deepEqual(records.endedKeys(names), [names[0]])
  assert.equal(records.dropOld(), true)
  assert.equal(records.dropOld(), false)
  assert.ok(records.of(SIBLING).loggedIn)
  assert.equal(records.of('https://other.rp.test').loggedIn, false)
})

test('keys that are not the frame’s are not over, where the dialog’s are kept beside them', () => {
  const { records } = opened()
  const dialogs = [
    'alice@idp.test',
    'pending 11111111-2222-4333-8444-555555555555',
    'https://rp.test',
  ]
  const dev = keyName('http://rp.localhost:8080', 'alice@idp.test')
  assert.deepEqual(records.endedKeys([...dialogs, dev]), [dev])
})

test('a log-in stays, until the site knows better', () => {
  const { records } = opened()
  records.logIn(RP, login())
  records.logIn(SIBLING, login())
  assert.equal(records.forget(RP, 'alice@idp.test'), false)
  assert.ok(records.of(RP).loggedIn)
  for (const other of ['bob@idp.test', 'Alice@idp.test', undefined]) {
    records.logIn(RP, login())
    assert.equal(records.forget(RP, other), true, other)
    assert.equal(records.of(RP), undefined, other)
  }
  assert.ok(records.of(SIBLING).loggedIn)
})

test('a log-out stays, until the site knows better', () => {
  const { records, clock } = opened()
  records.logOut(RP)
  clock.now += 10 * LONGEST
  assert.deepEqual(records.of(RP), { loggedIn: false, until: NOW })
  records.forget(SIBLING)
  assert.ok(records.of(RP))
  records.forget(RP, 'alice@idp.test')
  assert.equal(records.of(RP), undefined)
})

test('the latest are kept, and not too many', () => {
  const { records, text } = opened()
  for (let i = 0; i < 60; i++) records.logIn(`https://r${i}.test`, login({ until: NOW + 1 + i }))
  assert.equal(Object.keys(JSON.parse(text()).sites).length, 50)
  assert.equal(records.of('https://r0.test'), undefined)
  assert.ok(records.of('https://r59.test'))
})

test('what cannot be read is nothing known', () => {
  for (const text of ['', '{', 'null', '7', '{"version":2,"sites":{}}', '{"version":1}']) {
    const { records } = opened(text)
    assert.equal(records.of(RP), undefined, text)
    records.logIn(RP, login())
    assert.ok(records.of(RP), text)
  }
})

test('a browser without storage knows nothing', () => {
  const records = openRecords({
    getItem() {
      throw new Error('SecurityError')
    },
  })
  assert.equal(records.of(RP), undefined)
})
