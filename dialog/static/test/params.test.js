// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { readOptions } from '../params.js'

const RP = 'https://rp.test'

/** What the dialog makes of options that came as JSON, as all do. */
const read = (params, origin = RP) => readOptions(origin, JSON.parse(JSON.stringify(params)))

const refused = (params, text, origin) =>
  assert.throws(() => read(params, origin), text, JSON.stringify(params).slice(0, 100))

test('options are taken in their canonical form, and taking them again changes nothing', () => {
  const params = {
    siteName: 'The Quiet Bookshop',
    siteLogo: '/logo.png',
    backgroundColor: '#aBc',
    termsOfService: '/terms',
    privacyPolicy: '//legal.test/privacy?of=rp',
    returnTo: '/account/../login?next=%2F#top',
    email: ' Alice@BÜCHER.example',
    nonce: 'n',
    algorithms: ['EdDSA', 'XX9'],
    rp_api: 'watch_with_onready',
    start_time: 1385103838830,
    experimental_forceAuthentication: true,
    experimental_forceIssuer: 'IdP.test',
    experimental_allowUnverified: true,
  }
  const options = read(params)
  assert.deepEqual(options, {
    ...params,
    siteLogo: 'https://rp.test/logo.png',
    backgroundColor: 'aaBBcc',
    termsOfService: 'https://rp.test/terms',
    privacyPolicy: 'https://legal.test/privacy?of=rp',
    returnTo: '/login?next=%2F#top',
    email: 'Alice@xn--bcher-kva.example',
    experimental_forceIssuer: 'idp.test',
  })
  assert.deepEqual(read(options), options)
})

test('what is no option, or has no value, is left behind', () => {
  const names = ['siteName', 'siteLogo', 'backgroundColor', 'email', 'returnTo', 'rp_api', 'nonce']
  for (const value of ['', null, false, 0]) {
    for (const name of names) assert.deepEqual(read({ [name]: value }), {}, `${name} ${value}`)
  }
  assert.deepEqual(
    read({ oncancel: 'x', origin: 'https://evil.test', tosURL: 7, mode: 'popup' }),
    {},
  )
  assert.deepEqual(read({ siteName: 7 }), {})
  assert.deepEqual(read({ termsOfService: 7 }), {}, 'each of the two needs the other (A4.6)')
  assert.deepEqual(read({ privacyPolicy: '/p', termsOfService: '' }), {})
})

test('names that objects have of themselves are no options', () => {
  const text =
    '{"__proto__":{"siteName":"x","email":"a@b.c"},"constructor":{"prototype":{"nonce":"n"}},"toString":"x","hasOwnProperty":1}'
  const options = readOptions(RP, JSON.parse(text))
  assert.deepEqual(options, {})
  assert.equal(Object.getPrototypeOf(options), Object.prototype)
  assert.equal({}.nonce, undefined)
  const inherited = Object.create({ email: 'a@b.c', siteName: 'x' })
  assert.deepEqual(readOptions(RP, inherited), {})
})

test('a value of the wrong type is refused', () => {
  const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  const wrong = {
    siteLogo: [7, true, ['/x'], { href: '/x' }, deep],
    backgroundColor: [123, true, ['abc'], { a: 1 }, deep],
    returnTo: [7, true, ['/'], {}, deep],
    email: [7, true, ['a@b.c'], {}, deep],
    nonce: [7, true, ['n'], {}, deep],
    algorithms: [
      'RS256',
      7,
      true,
      {},
      [7],
      [['RS256']],
      ['x'.repeat(21)],
      Array(21).fill('a'),
      deep,
    ],
    rp_api: [7, true, ['get'], {}, deep],
    start_time: [true, '12a', '-1', 1.5, '1e3', '9'.repeat(16), ['12'], {}, deep],
    experimental_forceAuthentication: ['true', 1, [], {}, deep],
    experimental_forceIssuer: [7, true, ['idp.test'], {}, deep],
    experimental_allowUnverified: ['true', 1, [], {}, deep],
  }
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      assert.throws(() => readOptions(RP, { [name]: value }), RegExp(`^Error: ${name} must be `))
    }
  }
  for (const value of [7, true, ['/x'], {}]) {
    refused({ termsOfService: value, privacyPolicy: '/p' }, /^Error: termsOfService must be/)
    refused({ termsOfService: '/t', privacyPolicy: value }, /^Error: privacyPolicy must be/)
  }
  for (const value of ['x', 7, true, ['x']]) {
    refused({ rp_api: 'internal', experimental_userAssertedClaims: value }, /must be an object/)
    assert.deepEqual(read({ experimental_userAssertedClaims: value }), {})
  }
  const claims = { rp_api: 'internal', experimental_userAssertedClaims: { name: 'A' } }
  assert.deepEqual(read(claims), { rp_api: 'internal' }, 'a site puts nothing into assertions')
})

test('a text that is far too long is refused, and not repeated', () => {
  const long = 'x'.repeat(200_000)
  const names = ['backgroundColor', 'email', 'nonce', 'rp_api', 'experimental_forceIssuer']
  for (const name of names) refused({ [name]: long }, ({ message }) => message.length < 200)
  for (const value of [`/${long}`, `https://cdn.test/${long}`, `data:image/png;base64,${long}`]) {
    refused({ siteLogo: value }, ({ message }) => message.length < 200)
  }
  refused({ returnTo: `/${long}` }, ({ message }) => message.length < 200)
  assert.deepEqual(read({ siteName: long }), { siteName: long }) // cut where it is shown
})

test('the largest values of all are taken', () => {
  const start = 'data:image/png;base64,'
  const logo = start + 'A'.repeat(131_072 - start.length)
  assert.equal(read({ siteLogo: logo }).siteLogo, logo)
  refused({ siteLogo: `${logo}A` }, /131072/)
  const path = `/${'x'.repeat(2046)}`
  assert.equal(read({ siteLogo: path }).siteLogo, RP + path)
  refused({ siteLogo: `${path}x` }, /path of less than 2048/)
  assert.equal(read({ nonce: 'n'.repeat(256) }).nonce.length, 256)
  refused({ nonce: 'n'.repeat(257) }, /nonce/)
})

test('a logo is a picture over https, or in place', () => {
  const logos = [
    'data:image/gif;base64,AA==',
    'data:image/jpg;base64,a+/b',
    'data:image/svg+xml;base64,PHN2Zz4=',
    'https://cdn.test:8443/a.png?v=1',
  ]
  for (const siteLogo of logos) assert.deepEqual(read({ siteLogo }), { siteLogo })
  const others = [
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://x',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html;base64,PGgxPg==',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'data:image/svg+xml;charset=utf-8;base64,AA==',
    'data:image/png;base64,"onerror=alert(1)',
    'data:image/png;base64,',
    ' data:image/png;base64,AA==',
    'blob:https://rp.test/x',
    'filesystem:https://rp.test/x',
    'file:///etc/passwd',
    'http://rp.test/logo.png',
    'ftp://rp.test/logo.png',
    'logo.png',
    './logo.png',
    '?x',
    '#x',
    '/',
    '//',
    '///evil.test/x.png',
    '/\\evil.test/x.png',
    '\\\\evil.test\\x.png',
    '/\t/evil.test/x.png',
    'https:/\\evil.test/x.png',
    'https://rp.test\\@evil.test/x.png',
    'https://user:pass@evil.test/x.png',
    'https://login.example@evil.test/x.png',
    'https://',
    'https://[',
    'https:///evil.test',
    '//evil.test:99999/x',
  ]
  for (const siteLogo of others) refused({ siteLogo }, /^Error: siteLogo must be/)
  const local = 'http://rp.localhost:8080'
  assert.equal(read({ siteLogo: '/logo.png' }, local).siteLogo, `${local}/logo.png`)
  refused({ siteLogo: 'http://cdn.localhost:8080/logo.png' }, /https/, local)
  refused({ siteLogo: '/logo.png' }, /https/, 'http://rp.test')
  assert.ok(read({ siteLogo: 'https://cdn.test/x' }, 'http://rp.localhost:8080').siteLogo)
})

test('terms and privacy policy are pages of the web', () => {
  const policy = { privacyPolicy: 'http://rp.test/p' }
  const { termsOfService } = read({ ...policy, termsOfService: '/a<b>"c d' })
  assert.equal(termsOfService, 'https://rp.test/a%3Cb%3E%22c%20d')
  for (const termsOfService of [
    'terms',
    'javascript:x',
    'data:text/html,x',
    '/',
    'https://a@b.c/',
  ]) {
    refused({ ...policy, termsOfService }, /^Error: termsOfService must be/)
  }
})

test('a site is returned to itself, and nowhere else', () => {
  for (const returnTo of ['/', '/a', '/a?b=//c#d', '/%2F', '/a//b']) {
    assert.deepEqual(read({ returnTo }), { returnTo })
    assert.equal(new URL(returnTo, RP).origin, RP)
  }
  const others = [
    'https://rp.test/a',
    'https://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\/evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '\t//evil.test',
    ' //evil.test',
    '/a/..//evil.test',
    '/.//evil.test',
    '/%2e//evil.test',
    'a',
    '?a',
    '#a',
    'javascript:alert(1)',
    '/a\u0000',
    '/a\u0085',
  ]
  for (const returnTo of others) refused({ returnTo }, /^Error: returnTo must be/)
})

test('a colour is three or six digits', () => {
  const others = [
    'red',
    '#12',
    '#1234567',
    'abcd',
    '##abc',
    'abc;',
    'rgb(0,0,0)',
    'abc\n',
    '#ＡＢＣ',
  ]
  for (const backgroundColor of others) refused({ backgroundColor }, /#rgb or #rrggbb/)
})

test('an issuer is the name of a host', () => {
  const others = [
    'https://idp.test',
    'idp.test:443',
    'idp.test/',
    'a@idp.test',
    '127.0.0.1',
    'bücher.test',
  ]
  for (const host of others) refused({ experimental_forceIssuer: host }, /must be a host name/)
})

test('what a page wrote cannot disturb the text about it', () => {
  const written = 'red\u202e) all good\n<b>\u0007é😀'
  refused(
    { backgroundColor: written },
    {
      message: 'backgroundColor must be #rgb or #rrggbb, not (red?) all good?<b>????)',
    },
  )
})

// They lie outside of the repository (NAVID_VECTORS).
const vectors = process.env.NAVID_VECTORS
const oldNames = {
  emailHint: 'email',
  rpAPI: 'rp_api',
  startTime: 'start_time',
  forceAuthentication: 'experimental_forceAuthentication',
  forceIssuer: 'experimental_forceIssuer',
}
test('the cases of old: options', { skip: !vectors }, () => {
  const file = readFileSync(`${vectors}/rp_params_cases.json`, 'utf8')
  const { cases } = JSON.parse(file.replaceAll('<2048 characters>', 'x'.repeat(2048)))
  assert.ok(cases.length > 30)
  for (const { origin, input, expect, error } of cases) {
    const name = JSON.stringify(input).slice(0, 100)
    if (error) {
      assert.throws(() => readOptions(origin, input), Error, name)
      continue
    }
    const want = Object.entries(expect).map(([key, value]) => [oldNames[key] ?? key, value])
    const options = readOptions(origin, input)
    if (options.returnTo) options.returnTo = origin + options.returnTo
    assert.deepEqual(options, Object.fromEntries(want), name)
  }
})
