// agent.js in observer mode: the hidden frame, what it is told, and what the site hears, in order.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeFrame } from './fakeframe.js'
import { FakeWindow, HOST, Peer, golden, thrown } from './fakewindow.js'

const messages = golden('dialog_messages.json')

/** Callbacks that note their calls. */
const recorder = () => {
  const events = []
  const note = (name) => (assertion) => events.push(assertion ? [name, assertion] : name)
  const callbacks = {
    onlogin: note('onlogin'),
    onlogout: note('onlogout'),
    onmatch: note('onmatch'),
    onready: note('onready'),
  }
  return { events, callbacks }
}

/** A page that watches, and the frame beside it, if there is one. */
const observing = (options = {}, { believes, ...fake } = {}) => {
  const win = new FakeWindow(fake).load('agent.js')
  const { events, callbacks } = recorder()
  win.id.watch({ ...callbacks, ...options })
  const frame = win.document.frames.length ? new FakeFrame(win, believes) : null
  return { win, events, callbacks, frame }
}

const A = 'a@idp.test'
const B = 'b@idp.test'
const loginA = ['onlogin', 'assertion for ' + A]

test('A3: events after page load', () => {
  const cases = [
    [undefined, A, [loginA, 'onready']],
    [undefined, null, ['onlogout', 'onready']],
    [null, A, [loginA, 'onready']],
    [null, null, ['onmatch', 'onready']],
    [false, null, ['onmatch', 'onready']],
    [false, A, [loginA, 'onready']],
    [A, A, ['onmatch', 'onready']],
    [B, A, [loginA, 'onready']],
    [A, null, ['onlogout', 'onready']],
    ['', null, ['onlogout', 'onready']], // A2.6: a string like any other
    ['A@idp.test', A, [loginA, 'onready']], // A3.2
    [A, undefined, ['onready']], // A3.3, A3.5: the frame cannot know
    [undefined, undefined, ['onready']],
  ]
  for (const [loggedInUser, believes, want] of cases) {
    const { win, events, frame } = observing({ loggedInUser }, { believes })
    assert.deepEqual(events, [])
    frame.load()
    win.tick(10_000)
    assert.deepEqual(events, want, `${loggedInUser}, ${believes}`)
  }
})

test('A2.8: the frame is hidden, has no Referer, and may come before the body', () => {
  const { win, frame } = observing()
  const [element] = win.document.frames
  assert.equal(element.src, HOST + '/communication_iframe')
  assert.equal(element.referrerPolicy, 'no-referrer')
  assert.equal(element.allow, 'storage-access')
  assert.equal(element.style.display, 'none')
  assert.match(element.name, /^navid_[0-9a-f]{32}$/)
  assert.deepEqual(frame.peer.posts, []) // nothing, before it has shown itself
  assert.deepEqual(win.opened, [])
})

test('A9.1, A9.2: what the frame is told, and when', () => {
  const { frame } = observing({ loggedInUser: A, nonce: 'n1', algorithms: ['ES256'] })
  frame.notify('__ready', 'ping')
  const sent = frame.peer.posts.map(({ data, targetOrigin }) => [JSON.parse(data), targetOrigin])
  assert.deepEqual(sent, [
    [{ method: 'mozid_ni::__ready', params: 'pong' }, HOST],
    [{ method: 'mozid_ni::options', params: { nonce: 'n1', algorithms: ['ES256'] } }, HOST],
    [{ method: 'mozid_ni::loggedInUser', params: A }, HOST],
    [{ id: 1, method: 'mozid_ni::loaded' }, HOST],
  ])
})

// The same lines are read by agent/channel/frame_test.go.
test('A9.2: the messages are the golden ones', () => {
  const lines = golden('frame_messages.json')
  const page = observing({ loggedInUser: A, nonce: 'n1' })
  const said = () => page.frame.peer.posts.splice(0).map(({ data }) => data)
  const says = (line) => page.win.receive(page.frame.peer, line)

  says(lines.ping)
  const loaded = lines.loaded.replace('7', '1')
  assert.deepEqual(said(), [lines.pong, lines.options, lines.loggedInUser, loaded])
  says(lines.match)
  says(lines.checked.replace('7', '1'))
  says(lines.login)
  assert.deepEqual(page.events, ['onmatch', 'onready', ['onlogin', 'c.e.r~a.s.s']])

  page.win.id.request()
  page.win.receive(page.win.opened[0].dialog, messages.error)
  page.win.id.request()
  page.win.receive(page.win.opened[1].dialog, messages.none)
  const dialogs = [lines.dialogRunning, lines.dialogComplete]
  assert.deepEqual(said(), [...dialogs, lines.dialogRunning, lines.dialogChoseNobody])

  page.win.id.logout()
  assert.deepEqual(said(), [lines.logout])
  says(lines.logout)
  assert.equal(page.events.at(-1), 'onlogout')
  page.win.id.watch({ ...page.callbacks, loggedInUser: null })
  assert.ok(said().includes(lines.nobody))
})

test('what is no message of the frame makes no login and no error', () => {
  for (const line of Object.values(golden('malformed_frame.json'))) {
    const { win, events, frame } = observing({ loggedInUser: A })
    frame.notify('__ready', 'ping')
    win.receive(frame.peer, line)
    assert.deepEqual(
      events.filter(([name]) => name === 'onlogin'),
      [],
    )
  }
})

test('A2.6: undefined is not told, null is, a String object is an address', () => {
  const told = (loggedInUser) => {
    const { frame } = observing({ loggedInUser })
    const { heard, params } = frame.load()
    return heard.includes('loggedInUser') ? params.loggedInUser : 'nothing'
  }
  assert.equal(told(undefined), 'nothing')
  assert.equal(told(null), null)
  assert.equal(told(false), null)
  assert.equal(told(''), '')

  const win = new FakeWindow().load('agent.js')
  win.run('const loggedInUser = new String("a@idp.test"), f = () => {}')
  win.run('navigator.id.watch({ onlogin: f, onlogout: f, loggedInUser })')
  assert.equal(new FakeFrame(win).load().params.loggedInUser, A)
})

test('A2.5: loggedInEmail is the old name of loggedInUser', () => {
  const { win, frame } = observing({ loggedInEmail: A })
  assert.equal(frame.load().params.loggedInUser, A)
  assert.equal(win.logs.warn.length, 1)
})

test('the frame hears what the verifier of the site can check', () => {
  const win = new FakeWindow().load('agent.js', { src: HOST + '/include.js' })
  win.id.watch(recorder().callbacks)
  assert.deepEqual(new FakeFrame(win).load().params.options, { algorithms: ['RS256'] })
})

test('a site without onmatch and onready hears the rest', () => {
  const { win, events, frame } = observing(
    { loggedInUser: null, onmatch: undefined, onready: undefined },
    { believes: null },
  )
  frame.load()
  win.tick(5000)
  assert.deepEqual(events, [])
  frame.believes = A
  frame.check()
  assert.deepEqual(events, [loginA])
})

test('A3.1: of several outcomes of the check, one counts', () => {
  const { events, frame } = observing({ loggedInUser: A })
  frame.notify('__ready', 'ping')
  for (const name of ['match', 'logout', 'match']) frame.notify(name)
  frame.notify('login', 'assertion')
  frame.say({ id: 1, result: true })
  assert.deepEqual(events, ['onmatch', 'onready'])
})

test('A3.3: onready comes after two seconds, whatever the frame does, and once', () => {
  for (const load of [true, false]) {
    const { win, events, frame } = observing()
    if (load) frame.notify('__ready', 'ping')
    win.tick(1999)
    assert.deepEqual(events, [])
    win.tick(1)
    assert.deepEqual(events, ['onready'])
    frame.say({ id: 1, error: 'x', message: 'y' })
    assert.deepEqual(events, ['onready'])
  }
})

test('A3.3: an error of the frame is an answer, too', () => {
  const { events, frame } = observing()
  frame.notify('__ready', 'ping')
  frame.say({ id: 1, error: 'x', message: 'y' })
  assert.deepEqual(events, ['onready'])
})

test('a frame that is late is heard all the same', () => {
  const { win, events, frame } = observing({ loggedInUser: null }, { believes: A })
  win.tick(3000)
  frame.load()
  assert.deepEqual(events, ['onready', loginA])
})

test('A2.10, A3.3: where storage is forbidden there is no frame, and onready at once', () => {
  const win = new FakeWindow()
  Object.defineProperty(win.global, 'sessionStorage', {
    get() {
      throw new Error('SecurityError')
    },
  })
  win.load('agent.js')
  const { events, callbacks } = recorder()
  win.id.watch({ ...callbacks, loggedInUser: A })
  win.tick(0)
  assert.deepEqual(events, ['onready'])
  assert.deepEqual(win.document.frames, [])
  win.id.logout()
  win.id.logout()
  win.tick(5000)
  assert.deepEqual(events, ['onready', 'onlogout']) // A3.5
})

test('a script without a host has no frame, and onready at once', () => {
  const win = new FakeWindow().load('agent.js', { script: null })
  const { events, callbacks } = recorder()
  win.id.watch(callbacks)
  win.tick(0)
  assert.deepEqual(events, ['onready'])
  assert.deepEqual(win.document.frames, [])
})

test('A9.5: nobody else is heard', () => {
  const { win, events, frame } = observing({ loggedInUser: A })
  const all = ['__ready', 'match', 'logout', 'login'].map((name) => {
    return JSON.stringify({ method: 'mozid_ni::' + name, params: 'ping' })
  })
  for (const data of [...all, '{"id":1,"result":true}']) {
    win.receive(frame.peer, data, 'https://evil.test')
    win.receive(frame.peer, data, 'https://login.example.evil.test')
    win.receive(new Peer(), data)
    win.receive(null, data)
  }
  assert.deepEqual(events, [])
  assert.deepEqual(frame.peer.posts, [])
})

test('what is no message of the frame is ignored', () => {
  const { win, events, frame } = observing({ loggedInUser: A })
  frame.load()
  events.length = 0
  for (const message of [
    null,
    5,
    [],
    {},
    { method: 5 },
    { method: 'match' },
    { method: 'vep_prov::match' },
    { method: 'mozid_ni::constructor' },
    { method: 'mozid_ni::__proto__' },
    { method: 'mozid_ni::login', params: { length: 5 } },
    { method: 'mozid_ni::login' },
  ]) {
    frame.say(message)
  }
  const long = { method: 'mozid_ni::login', params: 'c'.repeat(65_536) }
  frame.say(long)
  for (const data of ['{', 5, null, { method: 'mozid_ni::match' }]) win.receive(frame.peer, data)
  win.tick(5000)
  assert.deepEqual(events, [])
})

test('a frame that a page has removed makes no errors, and is not mixed up with nobody', () => {
  const { win, events, frame } = observing({ loggedInUser: A }, { believes: A })
  frame.load()
  win.document.frames[0].contentWindow = null
  win.receive(null, '{"method":"mozid_ni::logout"}')
  assert.deepEqual(events, ['onmatch', 'onready'])
  win.id.logout()
  win.tick(2000)
  assert.deepEqual(events, ['onmatch', 'onready', 'onlogout'])
})

test('a flood of messages is as good as one', () => {
  const { win, events, frame } = observing({ loggedInUser: null }, { believes: A })
  frame.load()
  for (let i = 0; i < 1000; i++) {
    frame.notify('login', 'assertion ' + i)
    frame.notify('__ready', 'ping')
    frame.say({ id: 1, result: true })
  }
  assert.deepEqual(events, [loginA, 'onready'])
  assert.equal(frame.peer.posts.filter(({ data }) => data.includes('loaded')).length, 0)
  assert.equal(win.opened.length, 0)
})

test('A2.9: a second watch() replaces the callbacks and opens no second frame', () => {
  const { win, events, frame } = observing({ loggedInUser: A }, { believes: A })
  const second = recorder()
  win.id.watch({ ...second.callbacks, loggedInUser: null })
  frame.load()
  win.tick(5000)
  assert.deepEqual(events, [])
  assert.deepEqual(second.events, [loginA, 'onready'])
  assert.equal(win.document.frames.length, 1)
})

test('A2.9: after the check, a second watch() tells the frame and has its own onready', () => {
  const { win, events, frame } = observing({ loggedInUser: null }, { believes: null })
  frame.load()
  const second = recorder()
  win.id.watch({ ...second.callbacks, loggedInUser: A })
  win.tick(0)
  frame.run()
  assert.deepEqual(events, ['onmatch', 'onready'])
  assert.deepEqual(second.events, ['onready'])
  assert.equal(frame.user, A)
  assert.equal(frame.heard.filter((name) => name === 'loaded').length, 1)
})

test('a page that has become stateless hears nothing of the frame', () => {
  const { win, events, frame } = observing({ loggedInUser: null }, { believes: A })
  const calls = []
  win.id.watch({ onlogin: () => calls.push('login'), onready: () => calls.push('ready') })
  frame.load()
  win.tick(5000)
  assert.deepEqual([events, calls], [[], ['ready']])
})

test('A5.1: logout() fires onlogout once', () => {
  const { win, events, frame } = observing({ loggedInUser: A }, { believes: A })
  frame.load()
  events.length = 0
  for (let i = 0; i < 2; i++) {
    win.id.logout()
    assert.equal(events.length, i) // not before the frame has noted it
    frame.run()
    win.tick(5000)
    assert.deepEqual(events, ['onlogout'])
  }
})

test('A5.1: of who is logged out, nobody hears it', () => {
  const { win, events, frame } = observing({ loggedInUser: null }, { believes: null })
  frame.load()
  win.id.logout()
  frame.run()
  frame.notify('logout')
  win.tick(5000)
  assert.deepEqual(events, ['onmatch', 'onready'])
  assert.ok(frame.heard.includes('logout'))
})

test('A5.1, A3.5: where the frame is silent, onlogout comes after two seconds, once', () => {
  for (const loggedInUser of [undefined, A]) {
    const { win, events, frame } = observing({ loggedInUser })
    win.id.logout()
    win.tick(1999)
    assert.deepEqual(events, [])
    win.id.logout()
    win.tick(5000)
    assert.deepEqual(events, ['onready', 'onlogout'])
    frame.notify('logout')
    assert.deepEqual(events, ['onready', 'onlogout'])
  }
})

test('A5.2: logout() before the frame has loaded is one onlogout and no onmatch', () => {
  const { win, events, frame } = observing({ loggedInUser: A }, { believes: A })
  win.id.logout()
  frame.load()
  win.tick(5000)
  assert.deepEqual(events, ['onlogout', 'onready'])
  assert.deepEqual(frame.heard, ['options', 'loggedInUser', 'logout', 'loaded'])
  win.id.watch(recorder().callbacks)
  assert.equal(frame.run().heard.filter((name) => name === 'logout').length, 1)
})

test('A5.2: logout() before watch()', () => {
  const win = new FakeWindow().load('agent.js')
  win.id.logout()
  const { events, callbacks } = recorder()
  win.id.watch({ ...callbacks, loggedInUser: A })
  const frame = new FakeFrame(win, A).load()
  win.tick(5000)
  assert.deepEqual(events, ['onlogout', 'onready'])
  assert.equal(frame.believes, null)
})

test('A5.2: logout() on a page without watch() reaches the frame, however late', () => {
  const win = new FakeWindow().load('agent.js')
  win.id.logout()
  win.tick(9000)
  const frame = new FakeFrame(win, A).load().run()
  assert.deepEqual([frame.believes, frame.heard], [null, ['logout']])
})

test('A5.4: the callback of logout() runs when the frame has noted it', () => {
  const pages = [observing({ loggedInUser: A }, { believes: A })]
  const bare = new FakeWindow().load('agent.js')
  bare.id.logout()
  pages.push({ win: bare, events: [], frame: new FakeFrame(bare, A) })
  for (const { win, events, frame } of pages) {
    frame.load()
    win.id.logout(() => events.push('callback'))
    win.tick(0)
    assert.ok(!events.includes('callback'))
    frame.notify('logout')
    win.tick(0)
    assert.equal(events.at(-1), 'callback')
  }
})

// The frame may be slower than the page is there: what it has not heard, the next page tells it.

test('a log-out is not lost where the page leaves in onlogout', () => {
  const last = ['options', 'loggedInUser', 'logout', 'loaded']
  for (const [loggedInUser, events, heard] of [
    [undefined, ['onlogout', 'onready'], last.toSpliced(1, 1)],
    [null, ['onmatch', 'onready'], last],
    [A, ['onlogout', 'onready'], last],
  ]) {
    const first = observing({ loggedInUser: A })
    first.win.id.logout()
    first.win.tick(2000)
    assert.ok(first.events.includes('onlogout'))
    const second = next(first, loggedInUser, A, 5000)
    second.win.tick(5000)
    assert.deepEqual([second.events, second.frame.heard], [events, heard])
    assert.equal(second.frame.believes, null)
    assert.ok(!next(second, null, null).frame.heard.includes('logout'), 'once')
  }
})

test('a log-out is not lost where the page leaves at once', () => {
  const first = observing({ loggedInUser: A }, { believes: A })
  first.frame.load()
  first.win.id.logout()
  const second = next(first, null, A)
  assert.deepEqual([second.events, second.frame.believes], [['onmatch', 'onready'], null])
})

test('a log-out that the frame has noted, or that is no news, is not told again', () => {
  for (const user of [A, null]) {
    const first = observing({ loggedInUser: user }, { believes: user })
    first.frame.load()
    first.win.id.logout()
    first.frame.run()
    assert.deepEqual(next(first, null, A).frame.heard, ['options', 'loggedInUser', 'loaded'])
  }
})

test('a log-out that the frame has not heard is over with the next sign-in, and in time', () => {
  const first = observing({ loggedInUser: A })
  first.win.id.logout()
  first.win.id.request()
  first.win.receive(first.win.opened[0].dialog, messages.response)
  assert.ok(!next(first, B, B).frame.heard.includes('logout'))

  const late = observing({ loggedInUser: A })
  late.win.id.logout()
  assert.ok(!next(late, B, B, 3_600_000).frame.heard.includes('logout'))
})

test('a sign-in before the frame is there is told to it: what it remembers is older', () => {
  const { win, frame } = observing({ loggedInUser: null }, { believes: A })
  win.id.request()
  win.receive(win.opened[0].dialog, messages.response)
  assert.equal(frame.load().params.options.signedIn, true)
  win.id.request()
  win.receive(win.opened[1].dialog, messages.response)
  win.id.watch(recorder().callbacks)
  assert.equal(frame.run().params.options.signedIn, undefined)
})

test('logout() inside onmatch still fires onlogout', () => {
  const win = new FakeWindow().load('agent.js')
  const { events, callbacks } = recorder()
  const onmatch = () => win.id.logout()
  win.id.watch({ ...callbacks, onmatch, loggedInUser: A })
  new FakeFrame(win, A).load()
  win.tick(5000)
  assert.deepEqual(events, ['onready', 'onlogout'])
})

test('logout() is heard at once while the check goes on', () => {
  const { win, events, frame } = observing({ loggedInUser: A })
  frame.notify('__ready', 'ping')
  frame.notify('match')
  win.id.logout()
  frame.notify('logout')
  assert.deepEqual(events, ['onmatch', 'onlogout'])
})

test('A2.9: the onready of a first, stateless watch() is not the second one’s', () => {
  const win = new FakeWindow().load('agent.js')
  const { events, callbacks } = recorder()
  win.id.watch({ onlogin: () => {} })
  win.id.watch(callbacks)
  win.tick(1999)
  assert.deepEqual(events, [])
})

test('A3.9: what happens in other tabs is heard', () => {
  const { win, events, frame } = observing({ loggedInUser: A }, { believes: A })
  frame.load()
  win.tick(60_000)
  for (const who of [null, B]) {
    frame.believes = who
    frame.check()
  }
  assert.deepEqual(events, ['onmatch', 'onready', 'onlogout', ['onlogin', 'assertion for ' + B]])
})

/** A page with its dialog open. */
const asking = (loggedInUser, believes) => {
  const page = observing({ loggedInUser }, { believes })
  page.frame.load()
  page.events.length = 0
  page.frame.heard.length = 0
  const oncancel = (code) => page.events.push(['oncancel', code])
  page.win.id.request({ oncancel })
  page.dialog = page.win.opened[0].dialog
  page.win.receive(page.dialog, messages.ready)
  page.frame.run()
  return page
}

test('A1.4: the dialog hears which mode it is', () => {
  const label = (options) => {
    const { win } = observing(options)
    win.id.request()
    const [{ dialog }] = win.opened
    win.receive(dialog, messages.ready)
    return JSON.parse(dialog.posts[0].data).d.params.rp_api
  }
  assert.equal(label({}), 'watch_with_onready')
  assert.equal(label({ onready: undefined }), 'watch_without_onready')
})

test('A3.10, A4.12: the frame pauses, and after an assertion does not check', () => {
  const { win, events, frame, dialog } = asking(null, null)
  assert.deepEqual(frame.heard, ['dialog_running'])
  win.receive(dialog, messages.response)
  frame.run()
  assert.deepEqual(frame.heard, ['dialog_running', 'loggedInUser', 'dialog_complete'])
  const { email } = JSON.parse(messages.response).d
  assert.equal(frame.user, email)
  assert.equal(frame.params.dialog_complete, false)
  win.tick(10_000)
  assert.deepEqual(events, [['onlogin', 'c.e.r~a.s.s']])
})

test('A4.12: after an error the frame does not check, after null it does', () => {
  for (const [message, again] of [
    [messages.error, false],
    [messages.none, true],
  ]) {
    const { win, events, frame, dialog } = asking(null, null)
    win.receive(dialog, message)
    frame.run()
    assert.deepEqual(frame.heard, ['dialog_running', 'dialog_complete'])
    assert.equal(frame.params.dialog_complete, again)
    assert.deepEqual(events, [['oncancel', 'cancelled']])
  }
})

test('A5.1: who signed in by the dialog can log out', () => {
  const { win, events, frame, dialog } = asking(null, null)
  win.receive(dialog, messages.response)
  frame.run()
  win.id.logout()
  frame.run()
  win.tick(5000)
  assert.deepEqual(events.slice(1), ['onlogout'])
})

test('a frame that loads while the dialog is open pauses first', () => {
  const { win, frame } = observing({ loggedInUser: null })
  win.id.request()
  frame.load()
  assert.deepEqual(frame.heard, ['options', 'loggedInUser', 'dialog_running', 'loaded'])
})

test('A4.12: no onmatch after an assertion, even if the frame is slower than the person', () => {
  const { win, events, frame } = observing({ loggedInUser: null })
  win.tick(2000)
  win.id.request()
  win.receive(win.opened[0].dialog, messages.response)
  frame.believes = JSON.parse(messages.response).d.email
  frame.load()
  assert.deepEqual(events, ['onready', ['onlogin', 'c.e.r~a.s.s']])
})

test('A4.10: what onlogin throws is not swallowed, and the frame goes on', () => {
  const { win, frame, callbacks } = observing()
  const onlogin = () => {
    throw new Error('of the site')
  }
  win.id.watch({ ...callbacks, onlogin })
  frame.notify('__ready', 'ping')
  const run = () => frame.notify('login', 'assertion')
  assert.equal(thrown(run).message, 'of the site')
  win.id.request()
  const response = () => win.receive(win.opened[0].dialog, messages.response)
  assert.equal(thrown(response).message, 'of the site')
  assert.ok(frame.run().heard.includes('dialog_complete'))
})

// H1.1, design.md 6: sites that reload in their callbacks must not do so for ever.

/** The next page of the same tab, a moment later. */
const next = (page, loggedInUser, believes, ms = 500) => {
  page.win.leave()
  page.win.tick(ms)
  const later = observing({ loggedInUser }, { believes, before: page.win })
  later.frame.load()
  return later
}

test('a login that comes again after a reload is dropped, with a warning', () => {
  const first = next(observing(), null, A)
  assert.deepEqual(first.events, [loginA, 'onready'])
  const second = next(first, null, A)
  assert.deepEqual(second.events, ['onready'])
  assert.match(second.win.logs.warn[0], /loop: onlogin/)
  assert.deepEqual(next(second, null, A, 5000).events, [loginA, 'onready'])
})

test('a logout that comes again after a reload is dropped, with a warning', () => {
  const first = next(observing(), A, null)
  const second = next(first, A, null)
  assert.deepEqual([first.events, second.events], [['onlogout', 'onready'], ['onready']])
  assert.match(second.win.logs.warn[0], /loop: onlogout/)
  second.win.activation.isActive = true
  second.win.id.logout() // the site still has its session: the person can end it
  second.frame.run()
  second.win.tick(2000)
  assert.deepEqual(second.events, ['onready', 'onlogout'])
})

test('login and logout by turns are a loop as well', () => {
  let page = observing()
  const heard = []
  for (const [user, believes] of [
    [null, A],
    [A, null],
    [null, A],
    [A, null],
    [null, A],
  ]) {
    page = next(page, user, believes, 100)
    heard.push(page.events.length - 1)
  }
  assert.deepEqual(heard, [1, 1, 0, 0, 0])
})

test('a gesture, here or in the click that led away, makes it no loop', () => {
  const first = next(observing(), undefined, A)
  first.win.activation.isActive = true
  const second = next(first, undefined, A)
  assert.deepEqual(second.events, [loginA, 'onready'])
  const third = observing({}, { believes: A, before: second.win })
  third.win.activation.isActive = true
  third.frame.load()
  assert.deepEqual(third.events, [loginA, 'onready'])
})

test('onmatch is never dropped: pages may be turned as fast as one likes', () => {
  let page = observing()
  for (let i = 0; i < 4; i++) {
    page = next(page, A, A, 10)
    assert.deepEqual(page.events, ['onmatch', 'onready'])
  }
})

test('a site that loses the session after a sign-in by the dialog does not loop', () => {
  const page = asking(undefined, null)
  page.win.receive(page.dialog, messages.response)
  assert.deepEqual(next(page, undefined, A).events, ['onready'])
})

test('signing in, out and in again is no loop', () => {
  const { win, events, frame, dialog } = asking(null, null)
  win.receive(dialog, messages.response)
  win.id.logout()
  frame.run()
  win.id.request()
  win.receive(win.opened[1].dialog, messages.response)
  win.id.logout()
  frame.run()
  const kinds = events.map((event) => [event].flat()[0])
  assert.deepEqual(kinds, ['onlogin', 'onlogout', 'onlogin', 'onlogout'])
})

test('the clock of the person may be set back', () => {
  const first = next(observing(), null, A)
  first.win.clock.now -= 3_600_000
  assert.deepEqual(next(first, null, A).events, [loginA, 'onready'])
})

// security.md E8: markup that shadows what a document has.
test('clobbered members of document change nothing', () => {
  const win = new FakeWindow()
  for (const name of ['createElement', 'documentElement', 'body', 'currentScript']) {
    Object.defineProperty(win.document, name, { value: { src: 'https://evil.test/agent.js' } })
  }
  win.load('agent.js')
  win.id.watch(recorder().callbacks)
  assert.equal(win.document.frames[0].src, HOST + '/communication_iframe')
})
