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
  const names = [
    'The Quiet Bookshop',
    'Книжный магазин',
    'مكتبة',
    'חנות',
    '本・雑誌の店',
    'कमल की दुकान',
    'St. John',
    'Ben & Jo’s',
    "Marks + Sparks (est. 1984): let's go!",
  ]
  for (const name of names) assert.equal(cleanName(name), name)
})

test('a name that could pass for a host, an address or a path is not shown', () => {
  const names = [
    'accounts.example.com',
    'https://bank.test',
    'Bank (bank.test)',
    'a@bank.test',
    'bank/test',
    'bank\\test',
    'localhost:80',
    'bank.\u200btest',
    'bank\u200b.test',
    'bank\u202e.test',
  ]
  for (const name of names) assert.equal(cleanName(name), '', name)
  // After NFKC, or in the eye of a reader: dots, slashes, colons and at signs.
  const twins = '．。｡․﹒۔܁܂꘎ꓸ𐩐٠۰·・･‧∙⋅•／＼⁄∕╱⧸⟋⧵∖﹨：﹕∶꞉ː˸׃։܃＠﹫'
  for (const twin of twins) assert.equal(cleanName(`bank${twin}test`), '', twin)
})

test('what could disturb the page around it, or promise safety, is taken out', () => {
  const cases = {
    'a\u202eb\u2066c\u0000\n\td': 'a b c d',
    '\u202etset knab': 'tset knab',
    'Shop” is verified by “Bank': 'Shop is verified by Bank',
    'Shop" is verified by "Bank': 'Shop is verified by Bank',
    'Shop’’ is verified by ‘‘Bank': 'Shop’ is verified by Bank',
    "Shop'' is verified": 'Shop’ is verified',
    'Shop″〝〞〟ˮʺ〃「」『』«»‹›„‟＂ is': 'Shop is',
    '🔒 Bank ✓✔☑🛡️ verified': 'Bank verified',
    '<b>Bank</b>': '',
    '<img src=x onerror=alert(1)>': 'img src x onerror alert(1)',
    'Bank | Sign in to x ▸ y → z': 'Bank Sign in to x y z',
    'bank\u{1d16d}test': 'bank test',
    '\u115f\u1160\u3164\uffa0\u2800': '',
    'Seedswap 🌱': 'Seedswap',
  }
  for (const [name, want] of Object.entries(cases)) assert.equal(cleanName(name), want, name)
  assert.equal(cleanName('Z' + '\u0301\u0302\u0303'.repeat(50)).length <= 3, true)
})

test('a long name is cut', () => {
  assert.equal(cleanName('x'.repeat(5000)), `${'x'.repeat(39)}…`)
  assert.equal(cleanName('𝒳'.repeat(41)), `${'X'.repeat(39)}…`)
  assert.equal(cleanName('𠮷'.repeat(41)), `${'𠮷'.repeat(39)}…`)
})

test('what is not a string is no name', () => {
  for (const name of [undefined, null, 7, {}, ['a'], '', '  ']) assert.equal(cleanName(name), '')
})
