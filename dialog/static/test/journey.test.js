// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { arrive, forgetAbandoned, forgetJourney, takeJourney } from '../journey.js'

/** A tab's session storage. */
function newTab() {
  const items = new Map()
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  }
}

const request = { origin: 'https://rp.test', state: 's'.repeat(32), params: { returnTo: '/' } }
const enter = { screen: 'enter' }
const next = { action: 'next', email: 'a@idp.test', notMyDevice: false }

/** The log as it is stored, changed by a test. */
function change(tab, changes) {
  const log = JSON.parse(tab.items.get('navid.journey'))
  tab.items.set('navid.journey', JSON.stringify({ ...log, ...changes }))
}

/** The page that a visit to the provider leads back to, with all answers that have been given. */
function comeBack(tab, journey) {
  journey.depart('authenticate')
  assert.ok(arrive(tab, 'authenticate', { cancelled: false }))
  return takeJourney(tab)
}

test('a whole journey is played back', () => {
  const tab = newTab()
  let journey = takeJourney(tab, request)
  assert.equal(journey.isReplaying, false)
  assert.equal(journey.answerTo(enter), undefined)
  journey.note(enter, next)
  const { attempt } = journey
  assert.equal(journey.take('provision'), null)
  journey.depart('provision')

  assert.ok(arrive(tab, 'provision', { attempt, failure: 'not signed in' }))
  journey = takeJourney(tab)
  assert.equal(journey.attempt, attempt)
  assert.deepEqual(journey.request, request)
  assert.ok(journey.isReplaying)
  assert.deepEqual(journey.answerTo(enter), next)
  assert.equal(journey.take('provision').failure, 'not signed in')
  assert.equal(journey.isReplaying, false)
  assert.equal(journey.take('authenticate'), null)
  journey.depart('authenticate')

  assert.ok(arrive(tab, 'authenticate', { cancelled: false }))
  journey = takeJourney(tab)
  journey.answerTo(enter)
  journey.take('provision')
  assert.equal(journey.take('authenticate').cancelled, false)
  assert.equal(journey.take('provision'), null)
  journey.depart('provision')

  assert.ok(arrive(tab, 'provision', { attempt, certificate: 'c' }))
  journey = takeJourney(tab)
  for (const round of [1, 2]) {
    assert.deepEqual(journey.answerTo(enter), next, `round ${round}`)
    journey.take('provision')
    journey.take('authenticate')
    assert.equal(journey.take('provision').certificate, 'c')
    journey.rewind()
  }
  journey.end()
  assert.equal(takeJourney(tab), undefined)
})

test('nobody arrives who has not gone there, or on another attempt, or twice', () => {
  const tab = newTab()
  assert.equal(arrive(tab, 'authenticate', { cancelled: false }), false)
  const journey = takeJourney(tab, request)
  const { attempt } = journey
  assert.equal(arrive(tab, 'provision', { attempt, certificate: 'c' }), false)
  journey.depart('provision')
  assert.equal(arrive(tab, 'authenticate', { cancelled: false }), false)
  assert.equal(arrive(tab, 'provision', { attempt: 'another', certificate: 'c' }), false)
  assert.equal(arrive(tab, 'provision', { certificate: 'c' }), false)
  assert.ok(arrive(tab, 'provision', { attempt, certificate: 'c' }))
  assert.equal(arrive(tab, 'provision', { attempt, certificate: 'd' }), false)
})

test('other questions are asked again; Back from them leads to the first, Retry to the provider', () => {
  const tab = newTab()
  const begin = () => {
    const journey = takeJourney(tab, request)
    journey.note(enter, next)
    journey.depart('provision')
    arrive(tab, 'provision', { attempt: journey.attempt, certificate: 'bad' })
    return takeJourney(tab)
  }
  const error = { screen: 'error', code: 'certificate_malformed' }

  let journey = begin()
  const before = journey.attempt
  journey.answerTo(enter)
  journey.take('provision')
  journey.note(error, { action: 'retry' })
  assert.notEqual(journey.attempt, before, 'another key')
  assert.equal(journey.take('provision'), null)
  journey = comeBack(tab, journey)
  assert.deepEqual(journey.answerTo(enter), next)
  assert.equal(journey.take('provision'), null)

  journey = begin()
  journey.answerTo(enter)
  journey.note(error, { action: 'back' })
  assert.equal(journey.answerTo(enter), undefined)
  assert.equal(comeBack(tab, journey).answerTo(enter), undefined)
})

test('back from a typed address, and another one, are played back; a removal is not', () => {
  const tab = newTab()
  let journey = takeJourney(tab, request)
  const pick = { screen: 'pick' }
  journey.note(pick, { action: 'remove', email: 'b@idp.test' })
  journey.note(pick, { action: 'other' })
  journey.note(enter, { action: 'back' })
  journey.note(pick, { action: 'next', email: 'c@idp.test' })
  journey = comeBack(tab, journey)
  assert.equal(journey.answerTo(pick).action, 'other')
  assert.equal(journey.answerTo(enter).action, 'back')
  assert.equal(journey.answerTo({ screen: 'wait' }), undefined)
  assert.equal(journey.answerTo(pick).email, 'c@idp.test')
})

test('where the agent asks something else, what followed is forgotten', () => {
  const tab = newTab()
  let journey = takeJourney(tab, request)
  journey.note({ screen: 'pick' }, { action: 'other' })
  journey.note(enter, next)
  journey = comeBack(tab, journey)
  assert.equal(journey.answerTo(enter), undefined) // the last address was removed in another tab
  journey.note(enter, { ...next, email: 'b@idp.test' })
  journey = comeBack(tab, journey)
  assert.equal(journey.answerTo(enter).email, 'b@idp.test')
  assert.ok(journey.take('authenticate'))
  assert.equal(journey.isReplaying, false)
})

test('no two providers see the same key: each answer begins another attempt', () => {
  const tab = newTab()
  let journey = takeJourney(tab, request)
  journey.note(enter, next)
  const { attempt } = journey
  journey.depart('provision')
  assert.ok(arrive(tab, 'provision', { attempt, failure: 'not signed in' }))
  journey = takeJourney(tab)
  assert.equal(journey.attempt, attempt, 'the key has waited')
  journey.rewind() // an address was removed in another tab, so that the agent asks otherwise
  journey.note({ screen: 'pick' }, { action: 'next', email: 'b@other.test' })
  assert.notEqual(journey.attempt, attempt)
  journey.depart('provision')
  assert.equal(arrive(tab, 'provision', { attempt, certificate: 'c' }), false)
})

test('who gives up leaves the attempt its name, by which the pending key is forgotten', () => {
  const journey = takeJourney(newTab(), request)
  journey.note(enter, next)
  const { attempt } = journey
  journey.note(enter, { action: 'cancel' })
  assert.equal(journey.attempt, attempt)
})

// Else a link of anybody's to /sign_in?REDIRECT would sign in whoever has given up before.
test('an abandoned journey is not resumed without a question', () => {
  const tab = newTab()
  const pick = { screen: 'pick' }
  let journey = takeJourney(tab, request)
  journey.note(pick, next)
  const { attempt } = journey
  journey.depart('provision')
  journey = takeJourney(tab) // from the provider's page, by a link or by Back
  assert.equal(journey.answerTo(pick), undefined)
  assert.deepEqual(journey.request, request, 'the site still waits')
  assert.equal(arrive(tab, 'provision', { attempt, certificate: 'c' }), false)

  journey.note(pick, next)
  journey = comeBack(tab, journey)
  assert.deepEqual(journey.answerTo(pick), next)
  journey = takeJourney(tab) // once more, from where the first one has led
  assert.equal(journey.answerTo(pick), undefined)
})

test('of an abandoned journey nothing stays on a device that is not the own one', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1e12 })
  const tab = newTab()
  forgetAbandoned(tab)
  const journey = takeJourney(tab, request)
  journey.note(enter, next)
  forgetAbandoned(tab)
  assert.equal(tab.items.size, 1)
  t.mock.timers.tick(600_000)
  forgetAbandoned(tab)
  assert.equal(tab.items.size, 0)
  takeJourney(tab, request).note(enter, { ...next, notMyDevice: true })
  forgetAbandoned(tab)
  assert.equal(tab.items.size, 0)
})

test('a journey rests for ten minutes at most, and is not read if it is of another kind', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1e12 })
  for (const spoil of [
    () => t.mock.timers.tick(600_000),
    (tab) => change(tab, { version: 2 }),
    (tab) => change(tab, { time: 2e12 }),
    (tab) => tab.items.set('navid.journey', 'null'),
    (tab) => tab.items.set('navid.journey', '{'),
    forgetJourney,
  ]) {
    const tab = newTab()
    const journey = takeJourney(tab, request)
    journey.depart('authenticate')
    t.mock.timers.tick(599_999)
    assert.ok(takeJourney(tab))
    spoil(tab)
    assert.equal(takeJourney(tab), undefined)
    assert.equal(arrive(tab, 'authenticate', { cancelled: false }), false)
    assert.deepEqual([...tab.items], [])
  }
})

test('a new request begins a new journey', () => {
  const tab = newTab()
  const journey = takeJourney(tab, request)
  journey.note(enter, next)
  const other = takeJourney(tab, { ...request, origin: 'https://other.test' })
  assert.notEqual(other.attempt, journey.attempt)
  assert.equal(other.isReplaying, false)
})

test('who goes round in circles begins anew', () => {
  const tab = newTab()
  const journey = takeJourney(tab, request)
  for (let i = 0; i < 200; i++) journey.note(enter, next)
  assert.ok(JSON.parse(tab.items.get('navid.journey')).steps.length <= 50)
})
