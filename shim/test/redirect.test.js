// agent.js where there is no window: the tab itself goes to the dialog, and comes back.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeFrame } from './fakeframe.js'
import { FakeWindow, HOST, golden } from './fakewindow.js'

const messages = golden('dialog_messages.json')
const MINUTE = 60_000

/** A page that has requested; prepare may set the window up before. */
const requested = (options = {}, prepare = () => {}) => {
  const page = { win: new FakeWindow(), events: [] }
  prepare(page.win)
  page.win.load('agent.js')
  page.win.id.watch({ onlogin: (assertion) => page.events.push(['login', assertion]) })
  const oncancel = (code) => page.events.push(['cancel', code])
  page.promise = page.win.id.request({ oncancel, ...options })
  return page
}

/** Where the tab has gone, and what it asks there. */
const gone = ({ document }) => {
  const link = document.clicked.find(({ target }) => target === '_self')
  if (!link) return null
  const [url, fragment] = link.href.split('#')
  return { url, ...JSON.parse(decodeURIComponent(fragment)), link }
}

const rejection = (promise) =>
  promise.then(
    () => assert.fail('the promise is fulfilled'),
    (error) => error.code,
  )

test('mode redirect: the tab itself goes, without a Referer, the request in the fragment', () => {
  const { win } = requested({ mode: 'redirect', nonce: 'n1', returnTo: '/account' })
  const { url, origin, state, params, link } = gone(win)
  assert.equal(url, HOST + '/sign_in?REDIRECT')
  assert.equal(link.referrerPolicy, 'no-referrer')
  assert.equal(origin, 'https://rp.test')
  assert.match(state, /^[0-9a-f]{32}$/)
  assert.deepEqual(params, {
    nonce: 'n1',
    returnTo: '/account',
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    rp_api: 'stateless',
  })
  assert.deepEqual(win.opened, [])
  const kept = JSON.parse(win.sessionStorage.getItem('navid.redirect'))
  assert.deepEqual(kept, { state, host: HOST, time: win.clock.now })
})

test('each flow has a state of its own', () => {
  const [a, b] = [1, 2].map(() => gone(requested({ mode: 'redirect' }).win).state)
  assert.notEqual(a, b)
})

test('options in every alphabet arrive, and functions do not', () => {
  const siteName = 'Bäume & 木 #1 % + \ud800'
  const { params } = gone(requested({ mode: 'redirect', email: 'ä@idp.test', siteName }).win)
  assert.equal(params.siteName, siteName)
  assert.equal('oncancel' in params, false)
  assert.equal('mode' in params, false)
})

test('mode: an unknown one is refused', () => {
  for (const mode of ['frame', {}, 5]) {
    assert.throws(() => requested({ mode }), { code: 'invalid_options' })
  }
  requested({ mode: null })
})

const block = (isActive) => (win) => {
  win.blocked = true
  win.activation.isActive = isActive
}

test('refused windows: after a click the tab goes, if it may', async () => {
  for (const [mode, isActive, goes] of [
    [undefined, true, true],
    [undefined, false, false],
    ['popup', true, false],
  ]) {
    const { win, events, promise } = requested({ mode }, block(isActive))
    assert.equal(!!gone(win), goes, `${mode}, ${isActive}`)
    win.tick(0)
    if (goes) assert.deepEqual(events, [])
    else assert.equal(await rejection(promise), 'popup_blocked')
  }
})

/** The browser cuts the window off. */
const sever = ({ win }) => {
  win.tick(5000) // a slow network
  win.opened[0].dialog.closed = true
  win.tick(200)
}

test('a severed window: the tab goes, without a word to the site', () => {
  const page = requested({ nonce: 'n1' })
  sever(page)
  assert.equal(gone(page.win).params.nonce, 'n1')
  assert.deepEqual(page.events, [])
  assert.equal(page.win.sessionStorage.getItem('navid.request'), null)
  assert.equal(page.win.id.request(), page.promise) // it is on its way
  assert.equal(page.win.opened.length, 1)
})

test('a severed window, mode popup: rejected as severed', async () => {
  const page = requested({ mode: 'popup' })
  sever(page)
  assert.equal(gone(page.win), null)
  assert.deepEqual(page.events, [['cancel', 'severed']])
  assert.equal(await rejection(page.promise), 'severed')
})

test('a window that spoke, or lived for longer, was closed by the person', async () => {
  for (const live of [
    ({ win }) => win.receive(win.opened[0].dialog, messages.ready),
    ({ win }) => win.tick(10000),
  ]) {
    const page = requested()
    live(page)
    sever(page)
    page.win.tick(1000)
    assert.equal(gone(page.win), null)
    assert.equal(await rejection(page.promise), 'cancelled')
  }
})

test('A6.6: get() never redirects', () => {
  for (const [prepare, end] of [
    [block(true), ({ win }) => win.tick(0)],
    [() => {}, sever],
  ]) {
    const win = new FakeWindow()
    prepare(win)
    win.load('agent.js')
    const given = []
    win.id.get((assertion) => given.push(assertion), { mode: 'redirect' })
    end({ win })
    assert.deepEqual([gone(win), given], [null, [null]])
  }
})

test('where nothing can be kept, or in a frame of another page, the tab stays', async () => {
  const forbid = (win) =>
    Object.defineProperty(win.global, 'sessionStorage', {
      get() {
        throw new Error('SecurityError')
      },
    })
  const full = ({ sessionStorage }) => {
    sessionStorage.setItem = () => {
      throw new Error('QuotaExceededError')
    }
  }
  const framed = (win) => (win.global.parent = {})
  for (const prepare of [forbid, full, framed]) {
    const { win, promise } = requested({ mode: 'redirect' }, prepare)
    win.tick(0)
    assert.equal(gone(win), null)
    assert.equal(await rejection(promise), 'severed')
  }
})

test('a tab that is still there ten seconds later can be asked again', async () => {
  const page = requested({ mode: 'redirect' })
  const first = page.promise
  assert.equal(page.win.id.request(), first) // it is on its way
  page.win.tick(10_000)
  assert.equal(await rejection(first), 'cancelled')
  assert.deepEqual(page.events, [['cancel', 'cancelled']])
  page.win.id.request({ mode: 'redirect' })
  assert.equal(page.win.document.clicked.length, 2)
})

// ---- the way back ----

const fragment = (answer) => '#navid=' + encodeURIComponent(JSON.stringify(answer))

/** A page of the same tab, with a fragment. */
const landed = (before, hash, { src, path = '/account?x=1' } = {}) => {
  const win = new FakeWindow({ href: 'https://rp.test' + path + hash, before })
  win.load('agent.js', src && { src })
  const events = []
  const note = (name) => (assertion) => events.push(assertion ? [name, assertion] : name)
  const watch = (options) => win.id.watch({ onlogin: note('login'), ...options })
  const observe = (options) =>
    watch({ onlogout: note('logout'), onmatch: note('match'), ...options })
  return { win, events, watch, observe, onready: note('ready') }
}

/** A tab that has gone away, and the state it keeps. */
const leaving = () => {
  const { win } = requested({ mode: 'redirect' })
  return { win, state: gone(win).state }
}

const ASSERTION = 'c.e.r~a.s.s'
const cleaned = 'https://rp.test/account?x=1'

test('back: onlogin once, then onready; the fragment goes first of all', () => {
  const { win: before, state } = leaving()
  const { win, events, watch, onready } = landed(before, fragment({ state, assertion: ASSERTION }))
  assert.deepEqual(win.shown, [cleaned])
  watch({ onready })
  assert.deepEqual(events, [])
  win.tick(0)
  watch({ onready })
  win.tick(5000)
  assert.deepEqual(events, [['login', ASSERTION], 'ready', 'ready'])
  assert.equal(win.sessionStorage.items.size, 0)
  assert.deepEqual(win.logs.warn, [])
})

test('back without an assertion: no event, a warning', () => {
  const { win: before, state } = leaving()
  for (const answer of [
    { error: 'invalid_options', text: 'why' },
    { assertion: { length: 5 } },
    {},
  ]) {
    before.sessionStorage.setItem(
      'navid.redirect',
      JSON.stringify({ state, host: HOST, time: before.clock.now }),
    )
    const { win, events, watch } = landed(before, fragment({ state, ...answer }))
    watch()
    win.tick(5000)
    assert.deepEqual([events, win.shown], [[], [cleaned]])
    assert.match(win.logs.warn[0], answer.error ? /invalid_options why/ : /no sign-in/)
  }
})

test('a return of another state does nothing, and spends nothing', () => {
  for (const state of ['0'.repeat(32), undefined, null, { length: 32 }]) {
    const page = leaving()
    const forged = landed(page.win, fragment({ state, assertion: 'forged' }))
    forged.watch()
    forged.win.tick(5000)
    assert.deepEqual([forged.events, forged.win.shown, forged.win.logs.warn], [[], [cleaned], []])
    const real = landed(forged.win, fragment({ state: page.state, assertion: ASSERTION }))
    real.watch()
    real.win.tick(0)
    assert.deepEqual(real.events, [['login', ASSERTION]])
  }
})

test('a return in another tab, too late, or to the script of another host does nothing', () => {
  const elsewhere = { src: 'https://other.example/agent.js' }
  for (const [move, options] of [
    [() => new FakeWindow()],
    [({ win }) => (win.tick(15 * MINUTE), win)],
    [({ win }) => win, elsewhere],
  ]) {
    const page = leaving()
    const { state } = page
    const { win, events, watch } = landed(
      move(page),
      fragment({ state, assertion: ASSERTION }),
      options,
    )
    watch()
    win.tick(5000)
    assert.deepEqual([events, win.shown, win.logs.warn], [[], [cleaned], []])
  }
})

test('a return counts once: not after a reload, not from the history', () => {
  const { win: before, state } = leaving()
  const hash = fragment({ state, assertion: ASSERTION })
  const first = landed(before, hash)
  const second = landed(first.win, hash)
  second.watch()
  second.win.tick(5000)
  assert.deepEqual(second.events, [])
})

test('fragments that are no return: cleaned if they say so, and nothing else', () => {
  for (const hash of [
    '#navid=%',
    '#navid=%7B',
    '#navid=null',
    '#navid=5',
    '#navid=%5B%5D',
    '#navid=' + 'c'.repeat(1e6),
  ]) {
    const { win, events, watch } = landed(leaving().win, hash)
    watch()
    win.tick(5000)
    assert.deepEqual([events, win.shown], [[], [cleaned]])
  }
  for (const hash of ['', '#', '#navid', '#chapter-2', '#xnavid=1']) {
    assert.deepEqual(landed(leaving().win, hash).win.shown, [])
  }
})

test('a path that looks like another host is cleaned like any other', () => {
  const { win } = landed(leaving().win, '#navid=x', { path: '//evil.test/' })
  assert.deepEqual(win.shown, ['https://rp.test//evil.test/'])
})

test('back to a page that uses get(): nothing', () => {
  const { win: before, state } = leaving()
  const { win, events } = landed(before, fragment({ state, assertion: ASSERTION }))
  win.id.get((assertion) => events.push(assertion))
  win.tick(5000)
  assert.deepEqual(events, [])
})

test('back in observer mode: onlogin before onready, and nothing that the frame knows less of', () => {
  for (const believes of ['a@idp.test', null, undefined]) {
    for (const loggedInUser of [undefined, null, 'b@idp.test']) {
      const { win: before, state } = leaving()
      const page = landed(before, fragment({ state, assertion: ASSERTION }))
      page.observe({ onready: page.onready, loggedInUser })
      const frame = new FakeFrame(page.win, believes)
      page.win.tick(10)
      frame.load()
      page.win.tick(5000)
      assert.deepEqual(page.events, [['login', ASSERTION], 'ready'])
      assert.equal(frame.params.options.signedIn, true)
    }
  }
})

test('back in observer mode: the person can log out', () => {
  const { win: before, state } = leaving()
  const page = landed(before, fragment({ state, assertion: ASSERTION }))
  page.observe({ loggedInUser: null })
  page.win.tick(10)
  const frame = new FakeFrame(page.win).load()
  page.win.id.logout()
  frame.run()
  page.win.tick(2000)
  assert.deepEqual(page.events, [['login', ASSERTION], 'logout'])
  page.observe()
  assert.equal(frame.run().params.options.signedIn, undefined) // it is said once
})

test('back in observer mode: a site that loses its session does not loop', () => {
  const { win: before, state } = leaving()
  const page = landed(before, fragment({ state, assertion: ASSERTION }))
  page.observe()
  page.win.tick(10)
  const later = landed(page.win, '')
  later.observe()
  new FakeFrame(later.win, 'a@idp.test').load()
  assert.deepEqual(later.events, [])
  assert.match(later.win.logs.warn[0], /loop/)
})
