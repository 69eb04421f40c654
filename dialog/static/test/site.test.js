// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { cleanName, originParts } from '../site.js'

test('the host of an origin stands apart', () => {
  const cases = {
    'https://rp.test': ['https://', 'rp.test', ''],
    'http://rp.localhost:8080': ['http://', 'rp.localhost', ':8080'],
    'https://[::1]:8443': ['https://', '[::1]', ':8443'],
    null: ['', 'null', ''],
  }
  for (const [origin, [scheme, host, port]] of Object.entries(cases)) {
    assert.deepEqual(originParts(origin), { scheme, host, port })
  }
})

test('a name is shown as it is, where it is only a name', () => {
  for (const name of ['The Quiet Bookshop', 'Книжный магазин', 'مكتبة', 'St. John', 'Ben & Jo’s']) {
    assert.equal(cleanName(name), name)
  }
})

test('a name that could pass for a host is not shown', () => {
  const names = [
    'accounts.example.com',
    'https://bank.test',
    'bank．test',
    'bank。test',
    'bank\u2024test',
    'bank\u{1d16d}test',
    'Bank (bank.test)',
    'a@bank.test',
    'bank/test',
    'localhost:80',
  ]
  for (const name of names) assert.equal(cleanName(name), '', name)
})

test('what could disturb the page around it is taken out', () => {
  assert.equal(cleanName('a\u202eb\u2066c\u0000\n\td'), 'a b c d')
  assert.equal(cleanName('Shop” is verified by “Bank'), 'Shop is verified by Bank')
  assert.equal(cleanName('Z' + '\u0301\u0302\u0303'.repeat(50)).length <= 3, true)
})

test('a long name is cut', () => {
  assert.equal(cleanName('x'.repeat(5000)), `${'x'.repeat(39)}…`)
  assert.equal(cleanName('😀'.repeat(41)), `${'😀'.repeat(39)}…`)
})

test('what is not a string is no name', () => {
  for (const name of [undefined, null, 7, {}, ['a'], '', '  ']) assert.equal(cleanName(name), '')
})
