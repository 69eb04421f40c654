// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mock, test } from 'node:test'

import { createObserver, eventFor } from '../observer.js'
import { openRecords } from '../records.js'

const ALICE = 'alice@idp.test'
const BOB = 'bob@idp.test'

/** Runs what promises have been kept for. */
const settle = async () => {
  for (let i = 0; i < 20; i++) await null
}

/** A page around a frame that believes what the test says. */
function observed(t, belief) {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const page = { belief, told: [], signed: [], logOuts: 0, forgotten: [] }
  const { methods, changed } = createObserver({
    believe: async () => {
      if (typeof page.belief !== 'string' || !page.belief.includes('@')) return page.belief
      const sign = (options) => (page.signed.push(options), page.sign ?? Promise.resolve('c~a'))
      return { email: page.belief, sign }
    },
    logOut: async () => void page.logOuts++,
    forget: (email) => page.forgotten.push(email),
    notify: (name, params) => page.told.push(params === undefined ? name : `${name} ${params}`),
  })
  const loaded = async () => {
    await methods.loaded()
    page.told.push('ready')
  }
  return Object.assign(page, { methods, changed, loaded })
}

test('the truth table (A3)', () => {
  const table = [
    [undefined, ALICE, 'login'],
    [undefined, 'nobody', 'logout'],
    [null, ALICE, 'login'],
    [null, 'nobody', 'match'],
    [ALICE, ALICE, 'match'],
    [BOB, ALICE, 'login'],
    [ALICE, 'nobody', 'logout'],
    ['Alice@idp.test', ALICE, 'login'], // A3.2
    ['', ALICE, 'login'], // A2.6: a string that never matches
    ['', 'nobody', 'logout'],
    [undefined, 'unknown', undefined], // A3.5
    [null, 'unknown', undefined],
    [ALICE, 'unknown', undefined],
  ]
  for (const [user, who, event] of table) {
    const belief = who.includes('@') ? { email: who } : who
    assert.equal(eventFor(user, belief), event, `${user} and ${who}`)
  }
})

const vectors = process.env.NAVID_VECTORS

test('the shared table', { skip: !vectors && 'NAVID_VECTORS is not set' }, async (t) => {
  const words = { undefined, null: null, false: null }
  const { after_load } = JSON.parse(readFileSync(`${vectors}/watch_cases.json`, 'utf8'))
  assert.ok(after_load.length > 7)
  for (const { loggedInUser, user_agent_state, events } of after_load) {
    const page = observed(t, user_agent_state ?? 'nobody')
    const user = loggedInUser in words ? words[loggedInUser] : loggedInUser
    if (user !== undefined) page.methods.loggedInUser(user)
    await page.loaded()
    assert.deepEqual(
      page.told.map((event) => 'on' + event.split(' ')[0]),
      events,
    )
    mock.timers.reset()
  }
})

test('an assertion is made with the options of the page, and for a log-in alone', async (t) => {
  const page = observed(t, ALICE)
  page.methods.options({ nonce: 'n', algorithms: ['ES256'], origin: 'https://evil.test' })
  page.methods.loggedInUser(ALICE)
  await page.loaded()
  assert.deepEqual(page.signed, [])
  page.belief = BOB
  await page.changed()
  assert.deepEqual(page.signed, [{ nonce: 'n', algorithms: ['ES256'] }])
  assert.deepEqual(page.told, ['match', 'ready', 'login c~a'])
})

test('a check that takes long, or breaks, does not keep the page from being ready (A3.3)', async (t) => {
  const page = observed(t, ALICE)
  let done
  page.sign = new Promise((resolve) => (done = resolve))
  page.loaded()
  await settle()
  mock.timers.tick(2000)
  await settle()
  assert.deepEqual(page.told, ['ready'])
  done('late~a')
  await settle()
  assert.deepEqual(page.told, ['ready', 'login late~a'])
})

test('what breaks is no log-out (A3.4)', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {})
  const page = observed(t, ALICE)
  page.methods.loggedInUser(BOB)
  page.sign = Promise.reject(new Error('no key'))
  await page.loaded()
  assert.deepEqual(page.told, ['ready'])
  assert.equal(warn.mock.callCount(), 1)
  page.sign = undefined
  await page.changed()
  assert.deepEqual(page.told, ['ready', 'login c~a'])
})

test('changes are told, and nothing else (A3.9)', async (t) => {
  const page = observed(t, 'nobody')
  await page.changed()
  assert.deepEqual(page.told, [], 'before the page wants to know')
  page.methods.loggedInUser(null)
  await page.loaded()
  await page.changed()
  page.belief = ALICE
  await page.changed()
  await page.changed()
  page.belief = 'unknown'
  await page.changed()
  page.belief = 'nobody'
  await page.changed()
  await page.changed()
  assert.deepEqual(page.told, ['match', 'ready', 'login c~a', 'logout'])
})

test('a log-out is told once (A5.1), also before the check, and is remembered first', async (t) => {
  const page = observed(t, ALICE)
  const first = page.methods.logout()
  assert.equal(page.logOuts, 1)
  assert.deepEqual(page.told, [])
  await first
  page.belief = 'nobody'
  await page.methods.logout()
  await page.loaded()
  assert.deepEqual(page.told, ['logout', 'ready'])
})

test('nobody is told of a log-out that nobody can hear of: loggedInUser is null', async (t) => {
  const page = observed(t, 'nobody')
  page.methods.loggedInUser(null)
  await page.methods.logout()
  assert.deepEqual(page.told, [])
  assert.equal(page.logOuts, 1)
  await page.loaded()
  assert.deepEqual(page.told, ['match', 'ready'], 'nothing has been told yet (A3.1)')
})

test('who logs out during a check is not logged in by it', async (t) => {
  const page = observed(t, ALICE)
  let done
  page.sign = new Promise((resolve) => (done = resolve))
  page.loaded()
  await settle()
  page.belief = 'nobody'
  page.methods.logout()
  done('c~a')
  await settle()
  assert.deepEqual(page.told, ['logout', 'ready'])
})

test('a word of the page during a check counts', async (t) => {
  const page = observed(t, ALICE)
  page.loaded()
  page.methods.loggedInUser(ALICE)
  await settle()
  assert.deepEqual(page.told, ['match', 'ready'])
})

test('nothing is told while the dialog is open (A3.10)', async (t) => {
  const page = observed(t, 'unknown')
  await page.loaded()
  page.methods.dialog_running()
  page.belief = ALICE
  await page.changed()
  assert.deepEqual(page.told, ['ready'])
  page.methods.loggedInUser(ALICE)
  await page.methods.dialog_complete(false)
  await settle()
  assert.deepEqual(page.told, ['ready'], 'the dialog has told the page')
  assert.deepEqual(page.forgotten, [ALICE])
})

test('a dialog that chose nobody is followed by a check; one that was closed is not', async (t) => {
  for (const [shallCheck, told] of [
    [true, ['ready', 'login c~a']],
    [undefined, ['ready', 'login c~a']],
    [false, ['ready']],
  ]) {
    const page = observed(t, 'unknown')
    page.methods.loggedInUser(null)
    await page.loaded()
    page.methods.dialog_running()
    page.belief = ALICE
    await page.methods.dialog_complete(shallCheck)
    await settle()
    assert.deepEqual(page.told, told)
    mock.timers.reset()
  }
})

test('a page that was reloaded with the dialog open is ready, and told later', async (t) => {
  const page = observed(t, 'nobody')
  page.methods.loggedInUser(ALICE)
  page.methods.dialog_running()
  await page.loaded()
  assert.deepEqual(page.told, ['ready'])
  await page.methods.dialog_complete(true)
  assert.deepEqual(page.told, ['ready', 'logout'])
})

test('one who came back from the dialog by redirect has not logged out', (t) => {
  const page = observed(t, 'nobody')
  page.methods.options({ signedIn: true })
  assert.deepEqual(page.forgotten, [undefined])
  page.methods.options(null)
  page.methods.loggedInUser(ALICE)
  page.methods.loggedInUser({})
  page.methods.dialog_running()
  page.methods.loggedInUser(null)
  assert.equal(page.forgotten.length, 1)
})

const RP = 'https://rp.test'

/** The tabs of a site whose frames share their records; Alice has signed in there. */
function shared() {
  const items = new Map()
  const storage = { getItem: (k) => items.get(k) ?? null, setItem: (k, v) => items.set(k, v) }
  const records = openRecords(storage)
  const signIn = (email) => records.logIn(RP, { loggedIn: true, email, until: Date.now() + 1e6 })
  const tab = () => {
    const told = []
    const believe = async () => {
      const record = records.of(RP)
      if (!record?.loggedIn) return record ? 'nobody' : 'unknown'
      return { email: record.email, sign: async () => `c~of ${record.email}` }
    }
    const forget = (email) => records.forget(RP, email)
    const notify = (...event) => told.push(event.join(' '))
    return { told, ...createObserver({ believe, logOut: async () => {}, forget, notify }) }
  }
  signIn(ALICE)
  return { tab, signIn }
}

test('who signs in after another, and is not bridged, is not taken for the other', async () => {
  const { tab } = shared()
  const before = tab()
  before.methods.loggedInUser(ALICE)
  await before.methods.loaded()
  before.methods.dialog_running()
  before.methods.loggedInUser(BOB)
  await before.methods.dialog_complete(false)
  const after = tab()
  after.methods.loggedInUser(BOB)
  await after.methods.loaded()
  assert.deepEqual([before.told, after.told], [['match'], []])
})

test('who comes back by redirect after another is not taken for the other', async () => {
  const { methods, told } = shared().tab()
  methods.options({ signedIn: true })
  await methods.loaded()
  assert.deepEqual(told, [])
})

test('who is bridged stays, and the other tabs hear of it after the dialog (A3.9)', async () => {
  const { tab, signIn } = shared()
  const [first, other] = [tab(), tab()]
  for (const { methods } of [first, other]) {
    methods.loggedInUser(ALICE)
    await methods.loaded()
  }
  first.methods.dialog_running()
  signIn(BOB)
  await other.changed()
  first.methods.loggedInUser(BOB)
  await first.methods.dialog_complete(false)
  await other.changed()
  assert.deepEqual([first.told, other.told], [['match'], ['match', 'login c~of ' + BOB]])
})
