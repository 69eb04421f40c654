// agent.js: installation, arguments, get() and logout(). The dialog has dialog.test.js.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeWindow, HOST, Peer, golden, thrown } from './fakewindow.js'

const noop = () => {}
const page = (options) => new FakeWindow(options).load('agent.js')
const code = (run) => thrown(run).code

/** What the page asks of the dialog. */
const params = (win) => {
  const { dialog } = win.opened[0]
  win.receive(dialog, golden('dialog_messages.json').ready)
  return JSON.parse(dialog.posts[0].data).d.params
}

/** What the page asks when it watches and requests with these options. */
const paramsOf = (request, watch = {}, src = HOST + '/agent.js') => {
  const win = new FakeWindow().load('agent.js', { src })
  win.id.watch({ onlogin: noop, ...watch })
  win.id.request(request)
  return { params: params(win), warnings: win.logs.warn }
}

test('A1.1: five functions and a marker, nothing else', () => {
  const win = page()
  assert.deepEqual(Object.keys(win.id).sort(), [
    ...['_shimmed', 'get', 'getVerifiedEmail', 'logout', 'request', 'watch'],
  ])
  assert.equal(win.id._shimmed, true)
  assert.deepEqual(win.newGlobals(), [])
})

test('A1.2: a native object is left alone', () => {
  const native = Object.freeze({ request: noop })
  const win = page({ id: native })
  assert.equal(win.id, native)
  assert.equal(win.listeners.length, 0)
})

test('A1.2: what the scripts of an identity provider have set stays', () => {
  const win = new FakeWindow().load('provisioning_api.js').load('authentication_api.js')
  const { beginProvisioning, beginAuthentication } = win.id
  win.load('agent.js')
  assert.equal(win.id.beginProvisioning, beginProvisioning)
  assert.equal(win.id.beginAuthentication, beginAuthentication)
  assert.equal(typeof win.id.request, 'function')
})

test('style 32: a read-only navigator.id does not make the script throw', () => {
  const win = new FakeWindow()
  Object.defineProperty(win.navigator, 'id', { value: {} })
  win.load('agent.js').id.watch({ onlogin: noop })
})

test('A1.2: loading twice changes nothing', () => {
  const win = page()
  const { request } = win.id
  const listeners = win.listeners.length
  win.id.watch({ onlogin: noop })
  win.load('agent.js', { src: 'https://other.example/agent.js' })
  assert.equal(win.id.request, request)
  win.id.request()
  assert.equal(win.document.clicked[0].href, HOST + '/sign_in')
  assert.equal(win.listeners.length, listeners)
})

test('A1.3: watch, request and logout are methods of navigator.id', () => {
  const { watch, request, logout, get } = page().id
  for (const method of [watch, request, logout]) {
    assert.equal(
      code(() => method({ onlogin: noop })),
      'wrong_this',
    )
  }
  get(noop) // get() does not mind
})

test('A2: the arguments of watch()', () => {
  const cases = [
    [{}, 'invalid_options'], // A2.3
    [{ onlogin: 'x' }, 'invalid_options'], // A2.2
    [{ onlogin: noop, onready: 'x' }, 'invalid_options'],
    [{ onlogin: noop, onmatch: noop }, 'invalid_options'], // A2.4
    [{ onlogin: noop, loggedInUser: null }, 'invalid_options'],
    [{ onlogin: noop, loggedInEmail: 'a@idp.test' }, 'invalid_options'],
    [{ onlogin: noop, onlogout: noop, loggedInUser: 42 }, 'invalid_options'], // A2.6
    [{ onlogin: noop, onlogout: noop, loggedInEmail: 'a', loggedInUser: 'b' }, 'invalid_options'], // A2.5
    [{ onlogin: noop, onlogout: 'x' }, 'invalid_options'],
    [{ onlogin: noop, onlogout: noop, onmatch: 'x' }, 'invalid_options'],
    [{ onlogin: noop, onlogout: noop, loggedInUser: true }, 'invalid_options'],
    [{ onlogin: noop, onlogout: noop, loggedInUser: 0 }, 'invalid_options'],
    [{ onlogin: noop, onlogout: noop, loggedInUser: {} }, 'invalid_options'],
  ]
  for (const [options, want] of cases) {
    const { id } = page()
    const error = thrown(() => id.watch(options))
    assert.equal(error.code, want, JSON.stringify(options))
    assert.equal(error.name, 'Error')
    assert.match(error.message, /^navigator\.id: /)
    assert.equal(
      code(() => id.request()),
      'watch_required',
    )
  }
})

test('A2.1: watch() without an object does nothing', () => {
  const { id } = page()
  for (const nothing of [undefined, null, 'x', 42]) id.watch(nothing)
  assert.equal(
    code(() => id.request()),
    'watch_required',
  )
})

test('A2.4, A7.2: stateless watch() calls onready alone, later, and requests nothing', () => {
  const win = page()
  const events = []
  win.id.watch({ onlogin: () => events.push('login'), onready: () => events.push('ready') })
  assert.deepEqual(events, [])
  win.tick(5000)
  assert.deepEqual(events, ['ready'])
  assert.deepEqual([win.opened, win.document.clicked, win.left], [[], [], []])
})

test('A4.1: request() needs watch()', () => {
  const { id } = page()
  assert.equal(
    code(() => id.request()),
    'watch_required',
  )
})

test('A4.3, A1.4, A4.16: what the dialog is asked, and that the origin is not in it', () => {
  assert.deepEqual(paramsOf(undefined).params, {
    returnTo: '/trees',
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    rp_api: 'stateless',
  })
})

test('options are passed on, functions are not', () => {
  const { params, warnings } = paramsOf({
    nonce: 'n1',
    returnTo: '/account',
    algorithms: ['ES256'],
    email: 'a@idp.test',
    experimental_forceAuthentication: true,
    rp_api: 'internal',
    oncancel: noop,
  })
  assert.deepEqual(params, {
    nonce: 'n1',
    returnTo: '/account',
    algorithms: ['ES256'],
    email: 'a@idp.test',
    experimental_forceAuthentication: true,
    rp_api: 'stateless',
  })
  assert.deepEqual(warnings, [])
})

test('include.js asks for what old verifiers know', () => {
  const algorithms = (file) => paramsOf({}, {}, HOST + file).params.algorithms
  assert.deepEqual(algorithms('/include.js'), ['RS256'])
  assert.deepEqual(algorithms('/static/ab12/include.js?v=include'), ['RS256'])
  assert.deepEqual(algorithms('/agent.js?v=/include.js'), ['RS256', 'ES256', 'EdDSA'])
  assert.deepEqual(algorithms('/include/agent.js'), ['RS256', 'ES256', 'EdDSA'])
  assert.deepEqual(
    paramsOf({ algorithms: ['EdDSA'] }, {}, HOST + '/include.js').params.algorithms,
    ['EdDSA'],
  )
})

test('A2.7, A4.8: display options belong to watch()', () => {
  const { params, warnings } = paramsOf(
    { siteName: 'request', backgroundColor: '#fff' },
    { siteName: 'watch', siteLogo: '/logo.png' },
  )
  assert.equal(params.siteName, 'watch')
  assert.equal(params.siteLogo, '/logo.png')
  assert.equal(params.backgroundColor, '#fff')
  assert.equal(warnings.length, 2)
})

test('nonce and algorithms may be given to watch(), for every assertion', () => {
  const watch = { nonce: 'w', algorithms: ['ES256'] }
  const asked = (request) => {
    const { nonce, algorithms } = paramsOf(request, watch).params
    return [nonce, algorithms]
  }
  assert.deepEqual(asked(undefined), ['w', ['ES256']])
  assert.deepEqual(asked({ nonce: 'r', algorithms: ['EdDSA'] }), ['r', ['EdDSA']])
})

test('A4.4: old names', () => {
  const { params, warnings } = paramsOf({
    tosURL: '/terms',
    privacyURL: '/privacy',
    experimental_emailHint: 'a@idp.test',
  })
  assert.equal(params.termsOfService, '/terms')
  assert.equal(params.privacyPolicy, '/privacy')
  assert.equal(params.email, 'a@idp.test')
  assert.equal(warnings.length, 3)
  for (const name of ['tosURL', 'privacyURL', 'experimental_emailHint']) {
    assert.equal(name in params, false)
  }
})

test('A4.4: an old name and its new one', () => {
  for (const options of [
    { tosURL: '/t', termsOfService: '/u' },
    { privacyURL: '/t', privacyPolicy: '/u' },
    { experimental_emailHint: 'a@idp.test', email: 'b@idp.test' },
  ]) {
    const win = page()
    win.id.watch({ onlogin: noop })
    assert.equal(
      code(() => win.id.request(options)),
      'invalid_options',
    )
    assert.equal(win.opened.length, 0)
  }
})

test('A4.5, A4.6: options that are ignored', () => {
  for (const options of [
    { requiredEmail: 'a@idp.test' },
    { termsOfService: '/terms' },
    { privacyPolicy: '/privacy' },
  ]) {
    const { params, warnings } = paramsOf(options)
    assert.equal(warnings.length, 1)
    assert.deepEqual(Object.keys(params).sort(), ['algorithms', 'returnTo', 'rp_api'])
  }
})

test('options that cannot be sent', () => {
  const circle = {}
  circle.circle = circle
  const long = { siteName: 'x'.repeat(200_000) }
  for (const options of [{ oncancel: 'x' }, { circle }, { n: 5n }, long]) {
    const win = page()
    win.id.watch({ onlogin: noop })
    assert.equal(
      code(() => win.id.request(options)),
      'invalid_options',
    )
    assert.equal(win.opened.length, 0)
  }
})

test('A5.4, A5.5: logout() runs its callbacks later, once each', () => {
  const win = page()
  let calls = 0
  win.id.logout()
  win.id.logout(() => calls++)
  win.tick(1999)
  assert.equal(calls, 0)
  win.id.logout(() => calls++)
  win.tick(2000)
  assert.equal(calls, 2)
  win.id.logout()
  win.tick(5000)
  assert.equal(calls, 2)
  assert.equal(win.logs.warn.length, 2)
})

test('A6.1: what get() passes on', () => {
  const win = page()
  win.id.get(noop, {
    email: 'a@idp.test',
    termsOfService: '/terms',
    privacyPolicy: '/privacy',
    siteName: 'Trees',
    nonce: 'n1',
    returnTo: '/elsewhere',
    experimental_forceIssuer: 'idp.test',
    experimental_allowUnverified: true,
  })
  assert.deepEqual(params(win), {
    termsOfService: '/terms',
    privacyPolicy: '/privacy',
    email: 'a@idp.test',
    nonce: 'n1',
    returnTo: '/trees',
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    rp_api: 'get',
    siteName: 'Trees',
  })
  assert.deepEqual(win.logs.warn, [])
})

test('A6.3: get() with silent gives null, later', () => {
  const win = page()
  const given = []
  win.id.get((assertion) => given.push(assertion), { silent: true })
  assert.deepEqual(given, [])
  win.tick(0)
  assert.deepEqual(given, [null])
  assert.equal(win.opened.length, 0)
})

test('get() has a promise, too', async () => {
  for (const [message, want] of [
    [golden('dialog_messages.json').response, 'c.e.r~a.s.s'],
    [golden('dialog_messages.json').none, 'cancelled'],
  ]) {
    const win = page()
    const promise = win.id.get(noop)
    win.receive(win.opened[0].dialog, message)
    assert.equal(await promise.catch((error) => error.code), want)
  }
})

test('A6.4: get() and watch() do not mix', () => {
  const watching = page().id
  watching.watch({ onlogin: noop })
  assert.equal(
    code(() => watching.get(noop)),
    'mixed_api',
  )
  const getting = page().id
  getting.get(noop)
  assert.equal(
    code(() => getting.watch({ onlogin: noop })),
    'mixed_api',
  )
  assert.equal(
    code(() => getting.request()),
    'mixed_api',
  )
})

test('A6.5: getVerifiedEmail()', () => {
  const win = page()
  win.id.getVerifiedEmail(noop)
  assert.equal(params(win).rp_api, 'getVerifiedEmail')
  assert.equal(win.logs.warn.length, 1)
})

test('get() needs a callback', () => {
  assert.equal(
    code(() => page().id.get()),
    'invalid_options',
  )
})

// security.md E8, abuse test 19: markup does not choose the host.
test('a clobbered currentScript does not change the host', () => {
  const win = new FakeWindow()
  const image = { src: 'https://evil.test/agent.js' }
  Object.defineProperty(win.document, 'currentScript', { value: image })
  win.load('agent.js')
  win.id.watch({ onlogin: noop })
  win.id.request()
  assert.equal(win.document.clicked[0].href, HOST + '/sign_in')
})

// security.md G8: a site may serve the script itself.
test('a copy of the script has its host in an attribute', () => {
  const load = (dataset) =>
    new FakeWindow().load('agent.js', { src: 'https://rp.test/lib/agent.js', dataset })
  for (const host of [HOST, HOST + '/', HOST + '/agent.js?x']) {
    const win = load({ host })
    win.id.watch({ onlogin: noop, onlogout: noop })
    win.id.request()
    assert.equal(win.document.clicked[0].href, HOST + '/sign_in')
    assert.equal(win.document.frames[0].src, HOST + '/communication_iframe')
    win.receive(win.opened[0].dialog, golden('dialog_messages.json').ready)
    assert.equal(win.opened[0].dialog.posts[0].targetOrigin, HOST)
  }
  for (const host of ['login.example', 'javascript:alert(1)', 'data:,x', '//']) {
    const { id } = load({ host })
    id.watch({ onlogin: noop })
    assert.equal(
      code(() => id.request()),
      'no_host',
    )
  }
})

test('a script without a host hears nobody', () => {
  const win = new FakeWindow().load('agent.js', { src: 'data:,x' })
  win.id.watch({ onlogin: noop })
  const peer = new Peer()
  win.sessionStorage.setItem('navid.request', JSON.stringify({ params: {}, time: win.clock.now }))
  for (const origin of ['null', '', undefined]) {
    win.receive(peer, golden('dialog_messages.json').ready, origin)
  }
  assert.deepEqual(peer.posts, [])
})

test('a script without a host of its own loads, and says so when it is used', () => {
  for (const options of [{ script: null }, { script: { src: HOST } }, { src: 'data:,x' }]) {
    const { id } = new FakeWindow().load('agent.js', options)
    id.watch({ onlogin: noop })
    assert.equal(
      code(() => id.request()),
      'no_host',
    )
  }
})
