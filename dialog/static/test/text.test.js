// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'

import first from '../strings/en.js'
import later from '../strings/later/en.js'
import { createTexts, loadFirstTexts, loadTexts } from '../text.js'

const en = { ...first, ...later }

const here = (path) => new URL(path, import.meta.url)

const source = readdirSync(here('..'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(here(`../${name}`), 'utf8'))
  .join('\n')

const languages = readdirSync(here('../strings')).filter((name) => name.endsWith('.js'))

test('a text comes in pieces, its values apart', () => {
  const texts = createTexts({ key: 'Ask {authority} for {email}.' })
  assert.deepEqual(texts.pieces('key', { authority: 'idp.test', email: 'a@idp.test' }), [
    { text: 'Ask ' },
    { value: 'idp.test' },
    { text: ' for ' },
    { value: 'a@idp.test' },
    { text: '.' },
  ])
})

test('a value is never read as a text with places of its own', () => {
  const texts = createTexts({ key: '{a}{b}' })
  assert.deepEqual(texts.pieces('key', { a: '{b}', b: 'x' }), [{ value: '{b}' }, { value: 'x' }])
})

test('in a plain string the values are isolated', () => {
  const texts = createTexts({ key: 'Remove {email}' })
  assert.equal(texts.plain('key', { email: 'a@idp.test' }), 'Remove \u2068a@idp.test\u2069')
})

test('a language that is not there is English', async () => {
  const texts = await loadTexts('zz')
  assert.equal(texts.plain('action.next'), en['action.next'])
})

test('the first texts are there at once, the others when they are asked for', async () => {
  const texts = await loadFirstTexts('zz')
  assert.ok(texts.has('enter.title') && !texts.has('error.internal.title'))
  await texts.complete()
  assert.equal(texts.plain('error.internal.title'), en['error.internal.title'])
  assert.deepEqual(
    Object.keys(first).filter((key) => Object.hasOwn(later, key)),
    [],
  )
})

test('every code of the agent has a title and a text', () => {
  const codes = JSON.parse(readFileSync(here('../../../agent/testdata/errors.json'), 'utf8'))
  assert.ok(codes.length > 20)
  for (const code of codes) {
    assert.ok(en[`error.${code}.title`], `error.${code}.title`)
    assert.ok(en[`error.${code}.text`], `error.${code}.text`)
  }
})

test('every name for a thing to wait for, and every reason, has its texts', () => {
  const screens = readFileSync(here('../../../agent/screens.go'), 'utf8')
  const values = (type) => [...screens.matchAll(RegExp(`\\b${type}\\w+ +${type} += "(.*)"`, 'g'))]
  const waitings = values('Waiting').map(([, value]) => value)
  const reasons = values('Reason').map(([, value]) => value)
  assert.ok(waitings.length >= 3 && reasons.length >= 2)
  for (const waiting of waitings)
    assert.ok(en[`wait.${waiting}.title`] && en[`wait.${waiting}.text`])
  for (const reason of reasons) assert.ok(en[`continue.${reason || 'first'}`], reason)
})

test('every text that the page names is there', () => {
  const named = source.matchAll(
    /'((?:action|blank|account|check|choose|code|confirm|done|enter|error|passkey|pick|rename|site|undo|unlock|wait|continue)\.[a-z_.]+)'/g,
  )
  for (const [, key] of named) assert.ok(en[key] ?? en[`${key}.title`], key)
})

for (const file of languages) {
  test(`${file} has the keys and the places of English`, async () => {
    const { default: start } = await import(`../strings/${file}`)
    const { default: rest } = await import(`../strings/later/${file}`)
    assert.deepEqual(Object.keys(start), Object.keys(first))
    assert.deepEqual(Object.keys(rest), Object.keys(later))
    const table = { ...start, ...rest }
    const places = (text) => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const key of Object.keys(en)) assert.deepEqual(places(table[key]), places(en[key]), key)
  })
}

test('texts use only places that the page fills', () => {
  const filled = [
    'authority',
    'browser',
    'code',
    'count',
    'created',
    'detail',
    'domain',
    'email',
    'host',
    'left',
    'name',
    'privacy',
    'reason',
    'seen',
    'terms',
    'used',
    'wait',
    'what',
    'when',
    'words',
  ]
  for (const [key, text] of Object.entries(en)) {
    for (const [, place] of text.matchAll(/\{(\w+)\}/g)) assert.ok(filled.includes(place), key)
  }
})
