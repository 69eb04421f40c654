// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'

import { createChannel, mayAsk, takeOpener } from '../winchan.js'

const RP = 'https://rp.test'
const READY = ['{"a":"ready"}', '*']
const REQUEST = JSON.stringify({ a: 'request', d: { method: 'get', params: { nonce: 'n' } } })
const RESPONSE = '{"a":"response","d":{"assertion":"c~a","email":"alice@idp.test"}}'
const FAILED = ['{"a":"error","d":"client closed window"}', RP]

/** A dialog opened by an RP: what was posted to it, and a way to post to the dialog. */
function open(t) {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  t.after(() => mock.timers.reset())
  const window = Object.assign(new EventTarget(), { setInterval, clearInterval, setTimeout })
  const sent = []
  const rp = { postMessage: (...message) => sent.push(message) }
  let dead = 0
  const channel = createChannel(window, rp, { onDie: () => dead++ })
  const post = (data, { origin = RP, source = rp } = {}) =>
    window.dispatchEvent(Object.assign(new Event('message'), { data, origin, source }))
  let request
  channel.request.then((r) => (request = r))
  const settled = async () => (await null, request)
  return { window, sent, channel, post, settled, deaths: () => dead }
}

test('the opener is taken out of the window (E1)', () => {
  const window = { opener: 'rp' }
  assert.equal(takeOpener(window), 'rp')
  assert.equal(window.opener, null)
})

test('only https, and http on this machine, may ask (G16)', () => {
  const may = [
    'https://rp.test',
    'https://rp.test:8443',
    'http://localhost:8080',
    'http://rp.localhost',
  ]
  const mayNot = [
    'null',
    '',
    'http://rp.test',
    'http://notlocalhost',
    'moz-extension://0a1b',
    'file://',
  ]
  for (const origin of may) assert.ok(mayAsk(origin), origin)
  for (const origin of mayNot) assert.ok(!mayAsk(origin), origin)
})

test('the origin of a request is the event’s, whatever its data say (A4.16)', async (t) => {
  const { post, settled } = open(t)
  post(REQUEST.replace('"nonce"', '"origin":"https://evil.test","nonce"'))
  assert.equal((await settled()).origin, RP)
})

test('one request is taken, from the opener alone', async (t) => {
  const { post, settled } = open(t)
  post(REQUEST, { source: {}, origin: 'https://evil.test' })
  assert.equal(await settled(), undefined)
  post(REQUEST)
  post(REQUEST.replace('"n"', '"other"'))
  assert.deepEqual((await settled()).params, { nonce: 'n' })
})

test('what is not a request is not taken for one', async (t) => {
  const { post, settled } = open(t)
  const noRequests = [
    JSON.parse(REQUEST),
    'null',
    '{',
    '{"a":"request"}',
    '{"a":"ready","d":{"method":"get"}}',
    '{"a":"request","d":{"method":"put","params":{}}}',
    '{"a":"request","d":{"method":"get","params":[]}}',
    '{"a":"request","d":{"method":"get","params":"x"}}',
    REQUEST.replace('"n"', `"${'x'.repeat(200_000)}"`),
  ]
  for (const data of noRequests) post(data)
  assert.equal(await settled(), undefined)
})

test('ready is repeated each half second until the request, then each second until the answer', async (t) => {
  const { sent, post, channel } = open(t)
  mock.timers.tick(1000)
  assert.deepEqual(sent, [READY, READY, READY])
  post(REQUEST)
  mock.timers.tick(2000)
  assert.equal(sent.length, 5)
  const responded = channel.respond({ assertion: 'c~a', email: 'alice@idp.test' })
  post(REQUEST)
  await responded
  mock.timers.tick(5000)
  assert.deepEqual(sent.slice(5), [READY, [RESPONSE, RP]])
})

test('an answer waits for a page that is being reloaded', async (t) => {
  const { sent, post, channel } = open(t)
  post(REQUEST)
  const responded = channel.respond({ assertion: 'c~a', email: 'alice@idp.test' })
  post(REQUEST, { origin: 'https://evil.test' })
  mock.timers.tick(4900)
  await null
  assert.ok(sent.every(([message]) => message === READY[0]))
  post(REQUEST)
  await responded
  assert.deepEqual(sent.at(-1), [RESPONSE, RP])
})

test('an answer does not wait for ever', async (t) => {
  const { sent, post, channel } = open(t)
  post(REQUEST)
  const responded = channel.respond({ assertion: 'c~a', email: 'alice@idp.test' })
  mock.timers.tick(5000)
  await responded
  assert.deepEqual(sent.at(-1), [RESPONSE, RP])
})

test('the first answer goes to the exact origin, and is the only one', async (t) => {
  const { sent, post, channel, window } = open(t)
  post(REQUEST)
  const responded = channel.respond({
    assertion: 'c~a',
    email: 'alice@idp.test',
    notMyDevice: true,
  })
  post(REQUEST)
  await responded
  sent.length = 0
  await Promise.all([
    channel.respond({ assertion: 'other~a', email: 'bob@idp.test' }),
    post(REQUEST),
  ])
  channel.fail()
  window.dispatchEvent(new Event('pagehide'))
  assert.deepEqual(sent, [READY])
})

test('a request that is wrong is answered so, once (A4.15)', (t) => {
  const { sent, post, channel, window } = open(t)
  post(REQUEST)
  sent.length = 0
  channel.fail('siteLogo must be a picture')
  channel.fail()
  window.dispatchEvent(new Event('pagehide'))
  const text = 'improper usage of API: Error: siteLogo must be a picture'
  assert.deepEqual(sent, [[JSON.stringify({ a: 'error', d: text }), RP]])
})

test('closing the window is an answer (A4.11)', (t) => {
  const { sent, post, window } = open(t)
  post(REQUEST)
  window.dispatchEvent(new Event('pagehide'))
  assert.deepEqual(sent.at(-1), FAILED)
})

test('an origin that may not ask is told nothing more (G16)', async (t) => {
  const { sent, post, channel, settled } = open(t)
  post(REQUEST, { origin: 'null' })
  assert.equal((await settled()).origin, 'null')
  const responded = channel.respond({ assertion: 'c~a', email: 'alice@idp.test' })
  mock.timers.tick(5000)
  await responded
  channel.fail()
  assert.deepEqual(sent, [READY, READY])
})

test('die is heard from the opener, and after the request from its origin alone', (t) => {
  const { post, deaths } = open(t)
  post('die', { source: {} })
  post('die')
  post(REQUEST)
  post('die', { origin: 'https://evil.test' })
  assert.equal(deaths(), 1)
  post('die')
  assert.equal(deaths(), 2)
})
