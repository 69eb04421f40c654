// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

import { createActions } from '../accountactions.js'

const realFetch = globalThis.fetch
let asked

beforeEach(() => {
  asked = []
  globalThis.localStorage = { getItem: () => null } // this browser knows nobody
  globalThis.fetch = async (url, { body }) => {
    asked.push(url.slice('/api/'.length) + ' ' + body)
    return Response.json({ now: 1_795_000_000_000 })
  }
})
afterEach(() => {
  globalThis.fetch = realFetch
  delete globalThis.localStorage
})

const address = (email, provable = false) => ({ email, provable })
const account = { addresses: [address('a@mail.test'), address('b@mail.test')] }

/** The actions of somebody who answers each question so, and what they were asked. */
function person(action) {
  const seen = []
  const ask = async (screen) => {
    seen.push(screen.reason ?? screen.screen)
    return { action, name: 'My laptop' }
  }
  return { actions: createActions({ ask }), seen }
}

test('what cannot be taken back is asked about once more, and then done', async () => {
  const cases = [
    ['remove', { email: 'a@mail.test' }, 'account/remove {"email":"a@mail.test","confirm":false}'],
    ['unenrol', { id: 'p', name: 'Linux' }, 'passkey/remove {"id":"p"}'],
    ['sign_out_everywhere', {}, 'sign_out {"everywhere":true}'],
    ['delete', {}, 'account/delete {"confirm":true}'],
  ]
  for (const [action, answer, want] of cases) {
    const sure = person('next')
    await sure.actions[action](answer, account)
    assert.deepEqual([sure.seen, asked.splice(0)], [[action], [want]], action)
    const unsure = person('back')
    await unsure.actions[action](answer, account)
    assert.deepEqual([unsure.seen, asked.splice(0)], [[action], []], action)
  }
})

test('the last proven address is warned of, whatever else is to be proven again', async () => {
  const { actions, seen } = person('next')
  const addresses = [address('a@mail.test'), address('old@mail.test', true)]
  await actions.remove({ email: 'a@mail.test' }, { addresses })
  assert.deepEqual(seen, ['remove_last'])
  assert.deepEqual(asked, ['account/remove {"email":"a@mail.test","confirm":true}'])
})

test('what can be done again is done at once', async () => {
  const { actions, seen } = person('next')
  await actions.end({ id: 's' }, account)
  await actions.sign_out({}, account)
  assert.deepEqual([seen, asked], [[], ['session/end {"id":"s"}', 'sign_out {"everywhere":false}']])
})

test('a passkey gets another name, unless its owner goes back', async () => {
  await person('next').actions.rename({ id: 'p', name: 'Linux' }, account)
  assert.deepEqual(asked.splice(0), ['passkey/rename {"id":"p","name":"My laptop"}'])
  await person('back').actions.rename({ id: 'p', name: 'Linux' }, account)
  assert.deepEqual(asked, [])
})
