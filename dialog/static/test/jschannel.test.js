// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { openChannel } from '../jschannel.js'

const RP = 'https://rp.test'

const testdata = new URL('../../../agent/channel/testdata/', import.meta.url)
const read = (name) => JSON.parse(readFileSync(new URL(name, testdata), 'utf8'))
const golden = read('frame_messages.json') // what package agent/channel reads and writes too

/** A frame in a page: what was posted to the page, what it has called, and a way to post. */
function framed(more = {}) {
  const sent = []
  const called = []
  const parent = { postMessage: (...message) => sent.push(message) }
  const window = Object.assign(new EventTarget(), { parent })
  const methods = {}
  for (const name of ['options', 'loggedInUser', 'logout', 'dialog_running', 'dialog_complete']) {
    methods[name] = (params) => void called.push([name, params])
  }
  methods.loaded = async () => void called.push(['loaded'])
  const channel = openChannel(window, 'mozid_ni', { ...methods, ...more })
  const post = (data, { origin = RP, source = parent } = {}) =>
    window.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }))
  return { sent, called, channel, post }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

test('the first word is ping, and goes to whom it concerns; it says nothing', () => {
  assert.deepEqual(framed().sent, [[golden.ping, '*']])
})

test('the golden conversation', async () => {
  const { sent, called, channel, post } = framed()
  sent.length = 0
  for (const name of ['ping', 'pong', 'options', 'nobody', 'loggedInUser', 'loaded']) {
    post(golden[name])
  }
  await settle()
  channel.notify('login', 'c.e.r~a.s.s')
  channel.notify('logout')
  channel.notify('match')
  for (const name of ['dialogRunning', 'dialogComplete', 'logout', 'redirectFlow']) {
    post(golden[name])
  }
  await settle()
  assert.deepEqual(
    sent.map(([message]) => message),
    ['pong', 'checked', 'login', 'logout', 'match', 'error'].map((name) => golden[name]),
  )
  assert.ok(sent.every(([, target]) => target === RP))
  assert.deepEqual(called, [
    ['options', { nonce: 'n1', algorithms: ['RS256', 'ES256', 'EdDSA'] }],
    ['loggedInUser', null],
    ['loggedInUser', 'a@idp.test'],
    ['loaded'],
    ['dialog_running', undefined],
    ['dialog_complete', false],
    ['logout', undefined],
  ])
})

test('the parent is heard, of the origin that it spoke from first (A9.5)', () => {
  const { called, channel, sent, post } = framed()
  post(golden.logout, { source: {} })
  post(golden.logout, { origin: 'null' })
  post('hello', { origin: 'https://evil.test' })
  assert.equal(channel.origin(), undefined)
  channel.notify('match')
  assert.equal(sent.length, 1, 'nobody is there to be told')
  post(golden.dialogRunning)
  post(golden.logout, { origin: 'https://evil.test' })
  assert.equal(channel.origin(), RP)
  assert.deepEqual(called, [['dialog_running', undefined]])
})

test('what is no message of the channel does nothing', async () => {
  const { called, sent, post } = framed()
  const noMessages = [
    JSON.parse(golden.logout),
    '',
    '{',
    'null',
    '{}',
    '{"method":["mozid_ni::logout"]}',
    '{"method":"logout"}',
    '{"method":"vep_prov::logout"}',
    '{"method":"mozid_ni::toString"}',
    '{"id":"1","method":"mozid_ni::logout"}',
    '{"id":1,"result":true}',
    golden.logout.replace('}', `,"x":"${'x'.repeat(65_536)}"}`),
  ]
  for (const data of noMessages) post(data)
  await settle()
  assert.deepEqual(called, [])
  assert.equal(sent.length, 1)
  for (const name of ['__proto__', 'constructor', 'redirect_flow']) {
    post(`{"id":1,"method":"mozid_ni::${name}"}`)
  }
  await settle()
  for (const [message] of sent.slice(1)) assert.match(message, /^{"id":1,"error":"unsupported"/)
  assert.equal(sent.length, 4)
})

test('a call that fails is answered', async () => {
  const { sent, post } = framed({
    async loaded() {
      throw new Error('no')
    },
  })
  post(golden.loaded)
  await settle()
  assert.equal(sent.at(-1)[0], '{"id":7,"error":"failed","message":"Error: no"}')
})
