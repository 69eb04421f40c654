// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createPrelude } from '../prelude.js'

const PICK = { screen: 'pick', identities: ['a@idp.test'] }
const ENTER = { screen: 'enter', canGoBack: true }

/** A prelude that begins with PICK, a person to answer it, and what has been asked. */
function begin() {
  const asked = []
  let settle
  let cancels = 0
  const ask = (screen) => {
    asked.push(screen)
    return new Promise((resolve) => (settle = resolve))
  }
  const prelude = createPrelude(PICK, PICK.identities, ask, () => cancels++)
  const answer = async (given) => {
    settle(given)
    await new Promise(setImmediate)
  }
  return { prelude, asked, answer, cancels: () => cancels }
}

test('an answer is kept for the question it belongs to', async () => {
  const { prelude, answer } = begin()
  await answer({ action: 'next', email: 'a@idp.test' })
  assert.deepEqual(await prelude.answerTo(PICK), { action: 'next', email: 'a@idp.test' })
  assert.equal(prelude.answerTo(PICK), undefined)
})

test('the agent takes over a question that still stands', async () => {
  const { prelude, asked, answer } = begin()
  const taken = prelude.answerTo(PICK)
  await answer({ action: 'other' })
  assert.deepEqual(await taken, { action: 'other' })
  assert.deepEqual(asked, [PICK], 'what follows is for the agent to ask')
})

test('another address, back and another again need no agent', async () => {
  const { prelude, asked, answer } = begin()
  await answer({ action: 'other' })
  await answer({ action: 'back' })
  await answer({ action: 'other' })
  assert.deepEqual(asked, [PICK, ENTER, PICK, ENTER])
  assert.deepEqual(await prelude.answerTo(PICK), { action: 'other' })
  assert.deepEqual(await prelude.answerTo(ENTER), { action: 'back' })
  assert.deepEqual(await prelude.answerTo(PICK), { action: 'other' })
  const last = prelude.answerTo(ENTER)
  await answer({ action: 'next', email: 'b@idp.test' })
  assert.deepEqual(await last, { action: 'next', email: 'b@idp.test' })
})

test('a removal waits for the agent, who alone can do it', async () => {
  const { asked, answer } = begin()
  await answer({ action: 'remove', email: 'a@idp.test' })
  assert.deepEqual(asked, [PICK])
})

test('giving up needs no agent, but is the agent’s to hear once it has asked', async () => {
  const early = begin()
  await early.answer({ action: 'cancel' })
  assert.equal(early.cancels(), 1)
  const late = begin()
  const taken = late.prelude.answerTo(PICK)
  await late.answer({ action: 'cancel' })
  assert.deepEqual(await taken, { action: 'cancel' })
  assert.equal(late.cancels(), 0)
})

test('where the agent asks something else, no answer is kept', async () => {
  const { prelude, answer } = begin()
  await answer({ action: 'next', email: 'a@idp.test' })
  assert.equal(prelude.answerTo({ screen: 'error' }), undefined)
  assert.equal(prelude.answerTo(PICK), undefined)
})

test('answers are forgotten when another screen has come between', async () => {
  const { prelude, answer } = begin()
  await answer({ action: 'next', email: 'a@idp.test' })
  prelude.stop()
  assert.equal(prelude.answerTo(PICK), undefined)
})
