// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ago, countdown, inWords } from '../duration.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

test('a wait is said in the unit that people would say it in, and never too short', () => {
  const waits = [
    [-5, 'in 1 second'],
    [20_000, 'in 20 seconds'],
    [119_000, 'in 119 seconds'],
    [2 * MINUTE, 'in 2 minutes'],
    [12 * MINUTE - 1, 'in 12 minutes'],
    [119 * MINUTE, 'in 119 minutes'],
    [5 * HOUR + 30 * MINUTE, 'in 6 hours'],
  ]
  for (const [wait, text] of waits) assert.equal(inWords(wait, 'en'), text)
})

test('it is said in the language of the page', () => {
  assert.equal(inWords(3 * MINUTE, 'de'), 'in 3 Minuten')
})

test('a countdown ends at zero', () => {
  const waits = [
    [-1000, '0:00'],
    [1, '0:01'],
    [24_000, '0:24'],
    [61_000, '1:01'],
  ]
  for (const [wait, text] of waits) assert.equal(countdown(wait), text)
})

test('how long ago something was', () => {
  const ages = [
    [-5, 'now'],
    [59_000, 'now'],
    [MINUTE, '1 minute ago'],
    [2 * HOUR, '2 hours ago'],
    [47 * HOUR, 'yesterday'],
    [72 * HOUR, '3 days ago'],
  ]
  for (const [age, text] of ages) assert.equal(ago(age, 'en'), text)
})
