// agent.js and the dialog it opens: who is listened to, and what the site hears, once.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeWindow, HOST, Peer, golden, thrown } from './fakewindow.js'

const messages = golden('dialog_messages.json')

/** A page that has watched and requested. */
const requested = (options = {}, win = new FakeWindow()) => {
  const page = { win, events: [] }
  win.load('agent.js')
  win.id.watch({ onlogin: (assertion) => page.events.push(['login', assertion]) })
  const oncancel = (code) => page.events.push(['cancel', code])
  page.promise = win.id.request({ oncancel, ...options })
  page.dialog = win.opened[0]?.dialog
  return page
}

const rejection = (promise) =>
  promise.then(
    () => assert.fail('the promise is fulfilled'),
    (error) => error,
  )

test('A4.2: the window opens at once, without a Referer and with an opener', () => {
  const { win } = requested()
  const [{ args }] = win.opened
  const [link] = win.document.clicked
  assert.equal(args[0], '')
  assert.match(args[1], /^navid_[0-9a-f]{32}$/)
  assert.match(args[2], /width=700,height=375/) // A1.5
  assert.equal(link.href, HOST + '/sign_in')
  assert.equal(link.target, args[1])
  assert.equal(link.rel, 'opener')
  assert.equal(link.referrerPolicy, 'no-referrer')
})

test('E10: each window has a name of its own', () => {
  const names = [requested(), requested()].map(({ win }) => win.opened[0].args[1])
  assert.notEqual(names[0], names[1])
})

test('A9.3: the request goes to the host alone, when it is ready', () => {
  const win = new FakeWindow()
  win.load('agent.js')
  win.id.watch({ onlogin: () => {} })
  const algorithms = ['RS256', 'ES256', 'EdDSA']
  win.id.request({ siteName: 'Trees & co', nonce: 'n1', returnTo: '/account', algorithms })
  const [{ dialog }] = win.opened
  assert.deepEqual(dialog.posts, [])
  win.receive(dialog, messages.ready)
  assert.deepEqual(dialog.posts, [{ data: messages.request, targetOrigin: HOST }])
})

test('G2: a dialog that was reloaded is asked again', () => {
  const { win, dialog } = requested()
  win.receive(dialog, messages.ready)
  win.receive(dialog, messages.ready)
  assert.equal(dialog.posts.length, 2)
  assert.deepEqual(dialog.posts[0], dialog.posts[1])
})

test('A4.10: an assertion reaches onlogin and the promise, once', async () => {
  const { win, dialog, events, promise } = requested()
  win.receive(dialog, messages.response)
  win.receive(dialog, messages.response)
  dialog.closed = true
  win.tick(5000)
  assert.deepEqual(events, [['login', 'c.e.r~a.s.s']])
  assert.equal(await promise, 'c.e.r~a.s.s')
  assert.equal(win.clock.timers.size, 0) // nothing looks for the window any more
})

test('A4.11: each end without an assertion is a cancel, once', async () => {
  const ends = {
    'null response': ({ win, dialog }) => win.receive(dialog, messages.none),
    error: ({ win, dialog }) => win.receive(dialog, messages.error),
    'a response that is none': ({ win, dialog }) =>
      win.receive(dialog, '{"a":"response","d":{"assertion":{}}}'),
    'window closed': ({ win, dialog }) => {
      win.receive(dialog, messages.ready)
      dialog.closed = true
      win.tick(1000)
    },
    'window closed before it was ready': ({ win, dialog }) => {
      win.tick(10100)
      dialog.closed = true
      win.tick(1000)
    },
  }
  for (const [name, end] of Object.entries(ends)) {
    const page = requested()
    end(page)
    end(page)
    page.win.receive(page.dialog, messages.response)
    page.win.tick(5000)
    assert.deepEqual(page.events, [['cancel', 'cancelled']], name)
    assert.equal((await rejection(page.promise)).code, 'cancelled', name)
  }
})

test('an answer that arrives after the window is seen closed still counts', () => {
  const { win, dialog, events } = requested()
  win.receive(dialog, messages.ready)
  dialog.closed = true
  win.tick(500)
  win.receive(dialog, messages.response)
  win.tick(5000)
  assert.deepEqual(events, [['login', 'c.e.r~a.s.s']])
})

test('A4.15: improper usage reaches the site with the text of the dialog', async () => {
  const { win, dialog, events, promise } = requested()
  const text = 'invalid backgroundColor: abcd\nError: x'
  const d = 'improper usage of API: Error: ' + text
  win.receive(dialog, JSON.stringify({ a: 'error', d }))
  assert.deepEqual(events, [['cancel', 'invalid_options']])
  const error = await rejection(promise)
  assert.deepEqual([error.code, error.message], ['invalid_options', 'navigator.id: ' + text])
})

// A9.5, style 16: the origin AND the window.
test('nobody else is listened to', () => {
  const { win, dialog, events } = requested()
  for (const data of [messages.ready, messages.response, messages.none, messages.error]) {
    win.receive(new Peer(), data)
    if (data !== messages.error) win.receive(null, data)
    win.receive(null, data, 'https://idp.test')
    win.receive(dialog, data, 'https://idp.test')
    win.receive(dialog, data, 'null')
    win.receive(dialog, data, HOST + '.evil.test')
    win.receive(dialog, data, 'http://login.example')
  }
  assert.deepEqual(events, [])
  assert.deepEqual(dialog.posts, [])
})

// Browsers name no source for what a page says while it is being left.
test('a dialog that is reloaded or led away is a cancel', () => {
  const { win, events } = requested()
  win.receive(null, messages.error)
  assert.deepEqual(events, [['cancel', 'cancelled']])
})

test('what is no message is ignored', () => {
  const { win, dialog, events } = requested()
  const strange = [
    '',
    'null',
    '5',
    '{',
    '[]',
    'die',
    [messages.ready],
    null,
    undefined,
    5,
    { a: 'ready' },
    '{"a":"x"}',
  ]
  for (const data of strange) win.receive(dialog, data)
  const long = { a: 'response', d: { assertion: 'c'.repeat(65536) } }
  win.receive(dialog, JSON.stringify(long))
  assert.deepEqual(events, [])
  assert.deepEqual(dialog.posts, [])
})

test('A4.9: a second request focuses the open dialog', () => {
  const { win, dialog, events, promise } = requested()
  const second = win.id.request({ oncancel: () => events.push('second') })
  assert.equal(second, promise)
  assert.equal(dialog.focused, 1)
  assert.equal(win.opened.length, 1)
  win.receive(dialog, messages.response)
  assert.deepEqual(events, [['login', 'c.e.r~a.s.s']])
})

test('after an end the next request opens a new dialog', () => {
  const { win, dialog, events } = requested()
  win.receive(dialog, messages.none)
  win.id.request()
  assert.equal(win.opened.length, 2)
  win.receive(dialog, messages.response) // of the first window
  assert.deepEqual(events, [['cancel', 'cancelled']])
  win.receive(win.opened[1].dialog, messages.response)
  assert.equal(events.length, 2)
})

test('a click soon after closing the dialog opens a new one', () => {
  const { win, dialog, events } = requested()
  dialog.closed = true // and no look at it has been taken yet
  win.id.request()
  assert.deepEqual(events, [['cancel', 'cancelled']])
  assert.equal(dialog.focused, 0)
  assert.equal(win.opened.length, 2)
  win.receive(win.opened[1].dialog, messages.response)
  assert.deepEqual(events[1], ['login', 'c.e.r~a.s.s'])
})

test('get() after closing the dialog answers its own callback', () => {
  const win = new FakeWindow().load('agent.js')
  const given = []
  win.id.get((assertion) => given.push(['first', assertion]))
  win.opened[0].dialog.closed = true
  win.id.get((assertion) => given.push(['second', assertion]))
  win.receive(win.opened[1].dialog, messages.response)
  assert.deepEqual(given, [
    ['first', null],
    ['second', 'c.e.r~a.s.s'],
  ])
})

test('a blocked window is said so, later', async () => {
  const win = new FakeWindow()
  win.blocked = true
  const { events, promise } = requested({}, win)
  assert.deepEqual(events, [])
  win.tick(0)
  assert.deepEqual(events, [['cancel', 'popup_blocked']])
  assert.equal((await rejection(promise)).code, 'popup_blocked')
  assert.equal(win.document.clicked.length, 0)
  win.blocked = false
  win.id.request()
  assert.equal(win.opened.length, 1)
})

test('a promise that nobody looks at makes no noise', async (t) => {
  const noise = t.mock.fn()
  process.on('unhandledRejection', noise)
  t.after(() => process.off('unhandledRejection', noise))
  const { win, dialog } = requested()
  win.receive(dialog, messages.none)
  win.blocked = true
  win.id.request()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(noise.mock.callCount(), 0)
})

test('A4.10: what onlogin throws is not swallowed, and the page can go on', () => {
  const win = new FakeWindow().load('agent.js')
  const onlogin = () => {
    throw new Error('of the site')
  }
  win.id.watch({ onlogin })
  win.id.request()
  const [{ dialog }] = win.opened
  assert.equal(thrown(() => win.receive(dialog, messages.response)).message, 'of the site')
  win.id.request()
  assert.equal(win.opened.length, 2)
})

test('A2.9: a second watch() replaces the callbacks', () => {
  const { win, dialog, events } = requested()
  win.id.watch({ onlogin: () => events.push('second') })
  win.receive(dialog, messages.response)
  assert.deepEqual(events, ['second'])
})

test('A6.2: get() gives the assertion or null, once', () => {
  for (const [message, want] of [
    [messages.response, 'c.e.r~a.s.s'],
    [messages.none, null],
  ]) {
    const win = new FakeWindow().load('agent.js')
    const given = []
    win.id.get((assertion) => given.push(assertion))
    win.id.get(() => given.push('second')) // focuses, nothing else
    const [{ dialog }] = win.opened
    win.receive(dialog, message)
    win.receive(dialog, message)
    win.tick(5000)
    assert.deepEqual(given, [want])
  }
})

test('A6.2: get() gives null if the window is blocked', () => {
  const win = new FakeWindow().load('agent.js')
  win.blocked = true
  const given = []
  win.id.get((assertion) => given.push(assertion))
  win.tick(0)
  assert.deepEqual(given, [null])
})

// design.md 5.1: the dialog repeats its greeting for a page that was reloaded.
const reloaded = (page) => {
  const win = new FakeWindow({ before: page.win }).load('agent.js')
  const events = []
  const watch = () => win.id.watch({ onlogin: (assertion) => events.push(['login', assertion]) })
  return { win, events, watch, dialog: page.dialog }
}

test('a reloaded page takes up its open dialog', () => {
  const before = requested({ nonce: 'n1' })
  before.win.receive(before.dialog, messages.ready)
  const { win, events, watch, dialog } = reloaded(before)
  win.receive(dialog, messages.ready) // too early
  assert.equal(dialog.posts.length, 1)
  watch()
  win.receive(dialog, messages.ready)
  assert.deepEqual(dialog.posts[1], dialog.posts[0])
  win.id.request()
  assert.equal(dialog.focused, 1)
  assert.equal(win.opened.length, 0)
  win.receive(dialog, messages.response)
  assert.deepEqual(events, [['login', 'c.e.r~a.s.s']])
  assert.equal(win.sessionStorage.items.size, 0)
})

test('a reloaded page takes up its dialog once, and within five minutes', () => {
  const before = requested()
  const first = reloaded(before)
  first.watch()
  first.win.receive(first.dialog, messages.ready)
  const second = reloaded({ ...before, win: first.win })
  second.watch()
  second.win.receive(second.dialog, messages.ready)
  assert.equal(before.dialog.posts.length, 1)

  const late = requested()
  late.win.tick(5 * 60_000)
  const after = reloaded(late)
  after.watch()
  after.win.receive(late.dialog, messages.ready)
  assert.deepEqual(late.dialog.posts, [])
})

test('a request that was kept by somebody else is no request', () => {
  for (const kept of ['x', '5', 'null', '{}', '[]', messages.request]) {
    const page = requested()
    page.win.sessionStorage.setItem('navid.request', kept)
    const { win, watch, dialog } = reloaded(page)
    watch()
    win.receive(dialog, messages.ready)
    assert.deepEqual(dialog.posts, [])
  }
})

test('a reloaded page whose dialog closes hears of no one', () => {
  const before = requested()
  const { win, events, watch, dialog } = reloaded(before)
  watch()
  dialog.closed = true // as soon as it has spoken
  win.receive(dialog, messages.ready)
  win.tick(5000)
  assert.deepEqual(events, [])
  win.id.request()
  assert.equal(win.opened.length, 1)
})

test('a reloaded page takes up no other window', () => {
  const { win, events, watch, dialog } = reloaded(requested())
  watch()
  win.receive(dialog, messages.ready, 'https://evil.test')
  win.receive(null, messages.ready)
  win.receive(dialog, messages.response)
  assert.deepEqual(dialog.posts, [])
  win.receive(dialog, messages.ready)
  win.receive(new Peer(), messages.response)
  assert.deepEqual(events, [])
})

test('a page without an open request takes up no window', () => {
  const before = requested()
  before.win.receive(before.dialog, messages.none)
  const { win, watch, dialog } = reloaded(before)
  watch()
  win.receive(dialog, messages.ready)
  assert.deepEqual(dialog.posts, [])
})

test('sign-in works where storage is forbidden', () => {
  const win = new FakeWindow()
  Object.defineProperty(win.global, 'sessionStorage', {
    get() {
      throw new Error('SecurityError')
    },
  })
  const { dialog, events } = requested({}, win)
  win.receive(new Peer(), messages.ready)
  win.receive(dialog, messages.response)
  assert.deepEqual(events, [['login', 'c.e.r~a.s.s']])
})
