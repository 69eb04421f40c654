// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'

import { prepare } from '../bridge.js'
import { createChannel } from '../winchan.js'

globalThis.location = { origin: 'https://login.example' }

const HOUR = 3_600_000
const ours = (accept) => ({ location: { origin: location.origin }, navidBridge: { accept } })
const given = (more) => ({
  ...{ origin: 'https://rp.test', email: 'alice@idp.test', certificate: 'c', thumbprint: 't' },
  ...{ authority: 'idp.test', key: 'pair', ahead: 0, expires: Date.now() + 6 * HOUR, ...more },
})

/** A window of another origin: whatever one touches throws. */
const foreign = () => new Proxy({}, { get: () => assert.fail('SecurityError') }) // which is caught, as the browser's is

test('the frames of this origin are given it, and no others', async () => {
  const taken = []
  const accept = async (gift) => taken.push(gift)
  const lookAlike = { location: { origin: 'https://evil.test' }, navidBridge: { accept } }
  const older = { location: { origin: location.origin } }
  const rp = [foreign(), lookAlike, ours(accept), older, ours(accept)]
  const handOver = await prepare(rp, async () => given(), 'c~a')
  assert.equal(taken.length, 0, 'not before the page has said that it is there')
  await handOver()
  assert.equal(taken.length, 2)
  const want = given()
  delete want.expires
  assert.deepEqual(taken[0], { ...want, until: taken[0].until })
})

test('of a certificate that was not used now, the frames hear nothing', async () => {
  const kept = async () => given({ certificate: 'genuine' })
  await (
    await prepare([ours(assert.fail)], kept, 'foreign~genuine')
  )()
})

test('it counts for an hour, and no longer than the certificate', async () => {
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const untilOf = async (more) => {
    let until
    const rp = [ours(async (gift) => (until = gift.until))]
    await (
      await prepare(rp, async () => given(more), 'c~a')
    )()
    return until
  }
  assert.equal(await untilOf(), 1_000_000 + HOUR)
  assert.equal(await untilOf({ expires: 1_600_000 }), 1_600_000)
  assert.equal(await untilOf({ expires: 1_600_000, ahead: 50_000 }), 1_550_000) // the host's clock
  mock.timers.reset()
})

test('a page with a thousand frames is not looked through', async () => {
  let touched = 0
  const frame = () => new Proxy({}, { get: () => (touched++, assert.fail('SecurityError')) })
  await (
    await prepare(Array.from({ length: 1000 }, frame), async () => given(), 'c~a')
  )()
  assert.equal(touched, 32)
})

test('the answer does not wait for ever, and not for what there is not', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const never = new Promise(() => {})
  const waiting = (await prepare([ours(() => never)], async () => given(), 'c~a'))()
  t.mock.timers.tick(1000)
  await waiting

  const preparing = prepare([ours(assert.fail)], () => never, 'c~a')
  t.mock.timers.tick(1000)
  await (
    await preparing
  )()
  await assert.rejects(prepare([], async () => Promise.reject(new Error('nothing is kept')), 'c~a'))
})

const hasty = (what, ms, value) => setTimeout(what, ms / 50, value)

/** A dialog whose site has one frame of ours, and the address to which the site's page moves. */
async function respond(t, origin) {
  const window = Object.assign(new EventTarget(), { setInterval, clearInterval, setTimeout: hasty })
  const rp = [ours(async () => order.push('bridge'))]
  const order = []
  rp.postMessage = (data) => JSON.parse(data).a === 'response' && order.push('answer')
  const channel = createChannel(window, rp, { onDie() {} })
  const post = (from) =>
    window.dispatchEvent(
      Object.assign(new Event('message'), {
        ...{ source: rp, origin: from, data: '{"a":"request","d":{"method":"get","params":{}}}' },
      }),
    )
  post('https://evil.test')
  const bridge = async () => given()
  const responded = channel.respond({ assertion: 'c~a', email: 'alice@idp.test', bridge })
  const pulse = setInterval(post, 10, origin)
  t.after(() => clearInterval(pulse))
  await responded
  return order
}

test('a page is given it when it says that it is there, and then the answer', async (t) => {
  assert.deepEqual(await respond(t, 'https://evil.test'), ['bridge', 'answer'])
})

test('a page that has moved since its request is given nothing (E4)', async (t) => {
  // The answer is posted to where the request came from, and so to nobody.
  assert.deepEqual(await respond(t, 'https://victim.test'), ['answer'])
})
