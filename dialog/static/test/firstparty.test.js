// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loggedInAt, logOutAt, openFirstParty } from '../firstparty.js'

const RP = 'https://rp.test'
const identity = { email: 'alice@idp.test', certificate: 'c', thumbprint: 't', used: 7 }

const state = () => ({
  version: 1,
  identities: [identity],
  sites: {
    [RP]: { email: 'alice@idp.test', used: 9, loggedIn: true },
    'https://stateless.test': { email: 'alice@idp.test', used: 9 },
    'https://foreign.test': { email: 'bob@idp.test', used: 9, loggedIn: true },
  },
})

function storage(text) {
  const items = new Map(text === null ? [] : [['navid', text]])
  const getItem = (name) => items.get(name) ?? null
  return { getItem, setItem: (name, value) => items.set(name, value) }
}

test('it is used where it is there, and never asked for (G5)', async () => {
  const asked = []
  const frame = (hasAccess, answer) => ({
    document: {
      hasStorageAccess: async () => hasAccess,
      requestStorageAccess: async (types) => (asked.push(types), answer()),
    },
    localStorage: storage(null),
  })
  const handle = { localStorage: storage(null) }
  assert.equal(await openFirstParty(frame(false, () => handle)), undefined)
  assert.deepEqual(asked, [])
  assert.equal(await openFirstParty(frame(true, () => handle)), handle)
  assert.equal(await openFirstParty(frame(true, () => assert.fail('NotAllowedError'))), undefined)
  assert.equal(await openFirstParty({ document: {} }), undefined)
})

test('a browser without handles: what is there is the dialog’s, or unknown', async () => {
  const frame = (text) => ({
    document: { hasStorageAccess: async () => true, requestStorageAccess: async () => undefined },
    localStorage: storage(text),
    indexedDB: 'database',
    navigator: { locks: 'locks' },
  })
  assert.equal(await openFirstParty(frame(null)), undefined)
  const { indexedDB, locks } = await openFirstParty(frame(JSON.stringify(state())))
  assert.deepEqual([indexedDB, locks], ['database', 'locks'])
})

test('who is logged in at an origin', () => {
  const at = (origin, text = JSON.stringify(state())) =>
    loggedInAt({ localStorage: storage(text) }, origin)
  assert.deepEqual(at(RP), { ...identity, used: 9 })
  for (const origin of ['https://stateless.test', 'https://www.rp.test']) {
    assert.equal(at(origin), 'nobody', origin)
  }
  assert.equal(at('https://foreign.test'), 'unknown', 'nothing is kept: that is no log-out (A3.4)')
  assert.equal(at('__proto__'), 'nobody')
  assert.equal(at(RP, null), 'nobody')
  for (const text of ['{', 'null', '{"version":2}']) assert.equal(at(RP, text), 'unknown', text)
})

test('a log-out changes nothing else, and holds the lock of all writers', async () => {
  const localStorage = storage(JSON.stringify(state()))
  const held = []
  const locks = { request: async (name, _, change) => (held.push(name), change()) }
  await logOutAt({ localStorage, locks }, RP)
  await logOutAt({ localStorage }, 'https://unknown.test')
  const want = state()
  delete want.sites[RP].loggedIn
  assert.deepEqual(JSON.parse(localStorage.getItem('navid')), want)
  assert.deepEqual(held, ['navid'])
  await logOutAt({ localStorage: storage(null) }, RP)
})

test('a page that logs out in a loop keeps no dialog from the lock', async () => {
  const localStorage = storage(JSON.stringify(state()))
  const waiting = []
  const requestLock = (_, __, change) =>
    new Promise((resolve, reject) => waiting.push({ grant: () => resolve(change()), reject }))
  const flood = (origin) =>
    Promise.allSettled(
      Array.from({ length: 100 }, () =>
        logOutAt({ localStorage, locks: { request: requestLock } }, origin),
      ),
    )
  await flood('https://stateless.test')
  assert.equal(waiting.length, 0, 'of who is not logged in')
  let over = flood(RP)
  assert.equal(waiting.length, 1)
  waiting.pop().reject(new Error('TimeoutError'))
  await over
  over = flood(RP)
  assert.equal(waiting.length, 1, 'another time, another try')
  waiting[0].grant()
  await over
  await flood(RP)
  assert.equal(waiting.length, 1)
  assert.equal(loggedInAt({ localStorage }, RP), 'nobody')
})
