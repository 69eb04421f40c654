// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

import { problemOf, proveAddress } from '../proof.js'

const realFetch = globalThis.fetch
let asked

beforeEach(() => {
  asked = []
  globalThis.document = { querySelector: () => null }
})
afterEach(() => {
  globalThis.fetch = realFetch
  delete globalThis.document
})

/** A host that gives these answers in their order: a status, and what it says. */
function answering(...answers) {
  globalThis.fetch = async (url, { body }) => {
    asked.push(url.slice('/api/'.length) + ' ' + body)
    const [status, answer] = answers.shift()
    return new Response(JSON.stringify({ now: 1_795_000_000_000, ...answer }), { status })
  }
}

/** Somebody who gives these answers to the screens, and what they have seen. */
function person(...answers) {
  const seen = []
  const ask = async (screen) => {
    seen.push(screen)
    return answers.shift()
  }
  return { screens: { ask, answer() {} }, seen }
}

const MAILED = [200, { challenge: 'c', words: 'amber falcon', resendAt: 5, expires: 9 }]
const EMAIL = 'a@mail.test'
const next = { action: 'next', email: EMAIL }
const code = (code) => ({ action: 'next', code })

test('an address is proven by the code that was mailed', async () => {
  answering(MAILED, [200, { email: EMAIL }])
  const { screens, seen } = person(next, code('123456'))
  assert.equal(await proveAddress(screens), true)
  assert.deepEqual(asked, [
    `challenge {"email":"${EMAIL}","elsewhere":false}`,
    'challenge/confirm {"challenge":"c","code":"123456"}',
  ])
  assert.equal(seen[1].words, 'amber falcon')
})

test('a wrong code is said, and another one may be tried', async () => {
  answering(MAILED, [403, { code: 'wrong_code', left: 4 }], [200, {}])
  const { screens, seen } = person(next, code('1'), code('2'))
  assert.equal(await proveAddress(screens), true)
  assert.deepEqual([seen[2].code, seen[2].left], ['wrong_code', 4])
})

test('a new mail begins without the old problem', async () => {
  answering(MAILED, [403, { code: 'code_expired' }], MAILED)
  const { screens, seen } = person(next, code('1'), { action: 'resend' }, { action: 'confirmed' })
  assert.equal(await proveAddress(screens), true)
  assert.deepEqual([seen[2].code, seen[3].code], ['code_expired', undefined])
})

test('who goes back finds what they typed; who cancels has proven nothing', async () => {
  answering(MAILED, MAILED)
  const back = person(next, { action: 'back' }, next, { action: 'cancel' })
  assert.equal(await proveAddress(back.screens, { canGoBack: true }), false)
  assert.deepEqual(back.seen[2], { screen: 'enter', email: EMAIL, canGoBack: true })
})

test('a domain with a provider of its own has nothing to be added', async () => {
  answering([403, { code: 'provider_exists' }])
  const { screens, seen } = person(next, { action: 'back' }, { action: 'cancel' })
  assert.equal(await proveAddress(screens), false)
  assert.equal(seen[1].code, 'own_provider')
})

test('too many tries and too many mails say until when, each its own', async () => {
  answering([200, {}])
  const refused = { code: 'too_many', retryAfter: 60 }
  assert.ok(problemOf(refused, 'next').retryAt > Date.now() / 2)
  assert.equal(problemOf(refused, 'next').resendAt, undefined)
  assert.ok(problemOf(refused, 'resend').resendAt > 0)
  assert.equal(problemOf(refused, 'resend').retryAt, undefined)
  assert.deepEqual(problemOf({ code: 'challenge_unknown' }, 'next'), { code: 'code_expired' })
})
