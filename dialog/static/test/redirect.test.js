// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isPlainPath, openRedirect } from '../redirect.js'

const STATE = '0123456789abcdef0123456789abcdef'
const PARAMS = { returnTo: '/trees', nonce: 'n' }
const REQUEST = { origin: 'https://rp.test', state: STATE, params: PARAMS }
const hashOf = (value) => '#' + encodeURIComponent(JSON.stringify(value))

/** A tab at /sign_in?REDIRECT, and a site that answers with a list of paths. */
function arriveAt(t, hash, { answer = '{"returnTo":["/","/trees"]}', status = 200, storage } = {}) {
  const items = new Map()
  const went = []
  const asked = []
  t.mock.method(globalThis, 'fetch', async (url, options) => {
    asked.push({ url, ...options })
    if (answer === undefined || answer === null) throw new TypeError('refused by CORS')
    return new Response(answer, { status })
  })
  const window = {
    location: {
      ...{ pathname: '/sign_in', search: '?REDIRECT', hash },
      replace: (url) => went.push(url),
      reload: () => went.push('reload'),
    },
    history: {
      replaceState: (state, title, url) => went.push('shows ' + url),
      back: () => went.push('back'),
    },
    addEventListener: (event, listener) => (window[event] = listener),
    setTimeout: (run, ms) => (window.later = { run, ms }),
    get sessionStorage() {
      if (storage === 'forbidden') throw new DOMException('no', 'SecurityError')
      return {
        getItem: (key) => items.get(key) ?? null,
        setItem: (key, value) => items.set(key, value),
        removeItem: (key) => items.delete(key),
      }
    },
  }
  return { window, went, asked, items, channel: openRedirect(window) }
}

/** What the site finds in its fragment. */
function delivered(url) {
  const [place, fragment] = url.split('#navid=')
  return { place, ...JSON.parse(decodeURIComponent(fragment)) }
}

test('the request comes in the fragment, which is gone at once, and the answer goes back in one', async (t) => {
  const { channel, went, asked, items } = arriveAt(t, hashOf(REQUEST))
  assert.deepEqual(went, ['shows /sign_in?REDIRECT'])
  assert.deepEqual(await channel.request, { origin: 'https://rp.test', params: REQUEST.params })
  assert.deepEqual(await channel.permission, {})
  const [{ signal, ...question }] = asked
  assert.ok(signal)
  assert.deepEqual(question, {
    url: 'https://rp.test/.well-known/navid',
    mode: 'cors',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'error',
    cache: 'no-store',
  })
  await channel.respond({ assertion: 'cert~assertion', email: 'a@idp.test' })
  channel.fail()
  assert.equal(went.length, 1, 'there may be something left to say')
  await channel.leave()
  assert.deepEqual(delivered(went[1]), {
    place: 'https://rp.test/trees',
    state: STATE,
    assertion: 'cert~assertion',
  })
  assert.deepEqual([...items], [])
})

// Else a link of anybody's would speak in the name of the site, and choose the provider.
test('what a site shows is its own word, and a link chooses no issuer', async (t) => {
  const options = {
    ...{ email: 'a@idp.test', nonce: 'n', algorithms: ['ES256'], rp_api: 'stateless' },
    ...{ start_time: 5, returnTo: '/trees', experimental_forceAuthentication: true },
  }
  const own = {
    ...{ siteName: 'Trees', siteLogo: '/logo.png', backgroundColor: '#fff' },
    ...{ termsOfService: '/terms', privacyPolicy: '/privacy' },
  }
  const forged = {
    ...{ siteName: 'Your Bank', siteLogo: 'https://evil.test/logo.png', backgroundColor: '#000' },
    ...{ termsOfService: 'https://evil.test/', privacyPolicy: 'https://evil.test/' },
    ...{ experimental_forceIssuer: 'evil.test', experimental_allowUnverified: true, x: 1 },
  }
  const request = { ...REQUEST, params: { ...options, ...forged } }
  const file = { ...own, experimental_forceIssuer: 'evil.test', email: 'b@idp.test', x: 1 }
  const { channel } = arriveAt(t, hashOf(request), {
    answer: JSON.stringify({ ...file, returnTo: ['/trees'] }),
  })
  assert.deepEqual((await channel.request).params, options)
  assert.deepEqual(await channel.permission, own)
})

test('an assertion does not wait for long', async (t) => {
  const { channel, window, went } = arriveAt(t, hashOf(REQUEST))
  await channel.respond({ assertion: 'c~a' })
  assert.ok(window.later.ms <= 60_000)
  await window.later.run()
  assert.equal(delivered(went[1]).assertion, 'c~a')
})

test('giving up, and wrong options, are told too', async (t) => {
  for (const [text, error] of [
    [undefined, { error: 'cancelled' }],
    ['improper usage', { error: 'invalid_options', text: 'improper usage' }],
  ]) {
    const { channel, went } = arriveAt(t, hashOf(REQUEST))
    channel.fail(text)
    await channel.leave()
    assert.deepEqual(delivered(went[1]), { place: 'https://rp.test/trees', state: STATE, ...error })
  }
})

// security.md G1: without the site's own word nothing is delivered, not even that nothing is.
test('nothing is delivered where the site has not said that it may', async (t) => {
  const permission = (returnTo) => JSON.stringify({ returnTo })
  for (const answer of [
    ...[null, '', '{', 'null', '{}', '[]', '"/trees"', permission('/trees'), permission('x/trees')],
    ...[permission([]), permission(['/Trees', '/trees/', '/tree']), permission({ includes: 1 })],
    permission(['/trees']) + ' '.repeat(16_384),
  ]) {
    const { channel, went } = arriveAt(t, hashOf(REQUEST), { answer })
    assert.equal(await channel.permission, null, answer)
    await channel.respond({ assertion: 'c~a' })
    await channel.leave()
    assert.deepEqual(went.slice(1), ['back'])
  }
  const { channel } = arriveAt(t, hashOf(REQUEST), { status: 404 })
  assert.equal(await channel.permission, null)
})

test('only a plain path is gone back to, listed or not', async (t) => {
  const paths = [
    ...[
      '//evil.test',
      '/\\evil.test',
      '\\\\evil.test',
      '/a//evil.test',
      '/a/../b',
      '/./a',
      '/%2e%2e/a',
    ],
    ...['/go?to=https://evil.test', '/a#b', '/a%2fb', '/a%2Fb', '/a%5cb', '/a\tb', '/a\nb', '/a b'],
    ...['https://evil.test/', 'trees', '', '@evil.test', '.evil.test/', ':444/', '/ä'],
    ...[undefined, null, 5, ['/trees'], { toString: () => '/trees' }],
  ]
  for (const returnTo of paths) {
    assert.equal(isPlainPath('https://rp.test', returnTo), false, String(returnTo))
    const request = { ...REQUEST, params: { returnTo } }
    const { channel, asked } = arriveAt(t, hashOf(request), {
      answer: JSON.stringify({ returnTo: paths }),
    })
    assert.equal(await channel.permission, null)
    assert.deepEqual(asked, [])
  }
  for (const path of ['/', '/trees', '/a/b.html', '/%C3%A4', '/a;b=c,d:e@f'])
    assert.ok(isPlainPath('https://rp.test', path), path)
})

test('a site is named as browsers write its origin', async (t) => {
  for (const origin of [
    ...['https://rp.test/', 'https://rp.test/x', 'https://RP.test', 'https://rp.test:443', 'null'],
    ...['https://a@rp.test', 'http://rp.test', 'javascript:alert(1)//', 'https://rp.test#', ''],
  ]) {
    const { channel, asked } = arriveAt(t, hashOf({ ...REQUEST, origin }))
    assert.equal(await channel.permission, null, origin)
    assert.deepEqual(asked, [])
  }
})

test('what is no request is none', (t) => {
  for (const hash of [
    ...['', '#', '#x', '#%', '#null', '#5', '#[]', '#' + 'x'.repeat(600_001)],
    ...[{}, { ...REQUEST, state: 'short' }, { ...REQUEST, state: STATE + '!' }].map(hashOf),
    ...[
      { ...REQUEST, state: undefined },
      { ...REQUEST, params: [] },
    ].map(hashOf),
    ...[
      { ...REQUEST, params: null },
      { ...REQUEST, origin: ['https://rp.test'] },
    ].map(hashOf),
  ]) {
    const { channel, went } = arriveAt(t, hash)
    assert.equal(channel, undefined, hash.slice(0, 99))
    assert.equal(went.length, hash ? 1 : 0, 'the fragment is gone all the same')
  }
})

test('who comes back by the button of the browser begins anew', (t) => {
  const { channel, window, went } = arriveAt(t, hashOf(REQUEST))
  channel.journey.note({ screen: 'enter' }, { action: 'next', email: 'a@idp.test' })
  const again = { ...window, location: { ...window.location, hash: '' } }
  assert.equal(openRedirect(again).journey.isReplaying, false)
  window.pageshow({ persisted: false })
  assert.equal(went.length, 1)
  window.pageshow({ persisted: true })
  assert.equal(went[1], 'reload')
})

test('forbidden storage is said by the page', async (t) => {
  const { channel } = arriveAt(t, hashOf(REQUEST), { storage: 'forbidden' })
  assert.equal((await channel.request).origin, 'https://rp.test')
})
