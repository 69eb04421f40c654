// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'

import { ask } from '../api.js'
import { hostNow } from '../hosttime.js'

const realFetch = globalThis.fetch
afterEach(() => (globalThis.fetch = realFetch))

/** A host that gives one answer, and what it was asked. */
function answering(status, body) {
  const asked = []
  globalThis.fetch = async (url, { signal, ...options }) => {
    asked.push({ url, ...options, isBounded: signal instanceof AbortSignal })
    return new Response(body, { status })
  }
  return asked
}

test('a question is one same-origin request, with the host’s cookies and a bound', async () => {
  const asked = answering(200, '{"addresses":[],"now":1}')
  assert.deepEqual(await ask('session'), { addresses: [], now: 1 })
  assert.deepEqual(asked, [
    {
      url: '/api/session',
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: '{}',
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      isBounded: true,
    },
  ])
})

test('the host’s time comes with each answer', async () => {
  answering(200, '{"now":1795000000000}')
  await ask('session')
  assert.ok(Math.abs(hostNow() - 1_795_000_000_000) < 5000)
})

test('a refusal has the host’s code, and what else it says', async () => {
  answering(429, '{"code":"too_many","message":"m","retryAfter":90,"left":2}')
  await assert.rejects(ask('link'), { code: 'too_many', message: 'm', retryAfter: 90, left: 2 })
})

test('what is no answer of the host’s says nothing about the question', async () => {
  const cases = [
    [502, '<html>', 'host_unreachable'],
    [200, '<html>', 'host_unreachable'],
    [429, '<html>', 'host_busy'],
  ]
  for (const [status, body, code] of cases) {
    answering(status, body)
    await assert.rejects(ask('link'), { code })
  }
  globalThis.fetch = async () => {
    throw new TypeError('Failed to fetch')
  }
  await assert.rejects(ask('link'), { code: 'host_unreachable' })
})
