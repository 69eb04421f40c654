// The cases of watch_cases.json, if NAVID_VECTORS says where they are: the same calls are accepted
// and refused, the same events come in the same order. The texts of errors are our own.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { FakeFrame } from './fakeframe.js'
import { FakeWindow, golden } from './fakewindow.js'

const file = (process.env.NAVID_VECTORS ?? '') + '/watch_cases.json'
const vectors = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
const messages = golden('dialog_messages.json')
const options = { skip: !vectors && 'NAVID_VECTORS is not set' }

const page = () => {
  const win = new FakeWindow().load('agent.js')
  const events = []
  const note = (name) => (value) => events.push(value === undefined ? name : [name, value])
  const names = ['onlogin', 'onlogout', 'onmatch', 'onready', 'oncancel', 'callback']
  const callbacks = Object.fromEntries(names.map((name) => [name, note(name)]))
  return { win, id: win.id, events, ...callbacks, warnings: win.logs.warn }
}

const stateless = () => {
  const it = page()
  it.id.watch({ onlogin: it.onlogin })
  return it
}

const observer = (loggedInUser) => {
  const it = page()
  const { onlogin, onlogout, onmatch, onready } = it
  it.id.watch({ onlogin, onlogout, onmatch, onready, loggedInUser })
  it.frame = new FakeFrame(it.win)
  return it
}

/** What the notation f and navigator.id of argument_cases stand for. */
const evaluate = (call) => {
  const it = page()
  it.win.run('const f = () => {}, cb = f')
  if (/^request\(/.test(call)) it.win.run('navigator.id.watch({ onlogin: f })')
  const code = /^(watch|request|get|logout)\(/.test(call) ? 'navigator.id.' + call : call
  it.run = () => it.win.run(code)
  return it
}

const dialogOf = ({ win }) => win.opened[0].dialog

/** Calls that are described rather than written down, and what is expected of them. */
const described = {
  'request() before watch()': () => {
    assert.throws(() => page().id.request(), { code: 'watch_required' })
  },
  'var r = navigator.id.request; r()': (theCase) => {
    for (const name of ['request', ...theCase.also]) {
      const method = stateless().id[name]
      assert.throws(() => method({}), { code: 'wrong_this' }, name)
    }
  },
  'watch() then get()': () => {
    assert.throws(() => stateless().id.get(() => {}), { code: 'mixed_api' })
    const { id, callback, onlogin } = page()
    id.get(callback)
    assert.throws(() => id.watch({ onlogin }), { code: 'mixed_api' })
  },
  'get(cb,{silent:true})': () => {
    const it = page()
    it.id.get(it.callback, { silent: true })
    assert.deepEqual(it.events, [])
    it.win.tick(0)
    assert.deepEqual([it.events, it.win.opened.length], [[['callback', null]], 0])
    assert.equal(it.warnings.length, 1)
  },
  'request() while dialog is open': () => {
    const it = stateless()
    it.id.request()
    it.id.request()
    assert.deepEqual([it.win.opened.length, dialogOf(it).focused], [1, 1])
  },
  'logout(cb)': () => {
    const it = stateless()
    it.id.logout(it.callback)
    assert.deepEqual([it.events, it.warnings.length], [[], 1])
    it.win.tick(0)
    assert.deepEqual(it.events, ['callback'])
  },
  'logout() when already logged out (loggedInUser null)': () => {
    const it = observer(null)
    it.frame.load()
    it.id.logout()
    it.frame.run()
    it.win.tick(5000)
    assert.deepEqual(it.events, ['onready'])
  },
  'logout() when state undefined': () => {
    const it = observer(undefined)
    it.frame.load()
    it.id.logout()
    it.frame.run()
    it.win.tick(5000)
    assert.deepEqual(it.events, ['onready', 'onlogout'])
  },
  'dialog returns assertion': () => {
    const it = observer(null)
    it.frame.load()
    it.id.request()
    it.win.receive(dialogOf(it), messages.response)
    it.frame.run()
    it.win.tick(5000)
    assert.deepEqual(it.events, ['onready', ['onlogin', 'c.e.r~a.s.s']])
  },
  'user closes dialog': () => {
    const it = observer(null)
    it.frame.load()
    it.id.request({ oncancel: it.oncancel })
    it.win.receive(dialogOf(it), messages.ready)
    dialogOf(it).closed = true
    it.win.tick(5000)
    it.frame.run()
    assert.deepEqual(it.events, ['onready', ['oncancel', 'cancelled']])
    assert.equal(it.frame.params.dialog_complete, false)
  },
  'onlogin throws': () => {
    const it = page()
    const onlogin = () => {
      throw new Error('of the site')
    }
    it.id.watch({ onlogin })
    it.id.request()
    // What a listener throws, browsers log.
    assert.throws(() => it.win.receive(dialogOf(it), messages.response), /of the site/)
  },
}

test('argument_cases', options, async (t) => {
  for (const theCase of vectors.argument_cases) {
    await t.test(theCase.call, () => {
      if (described[theCase.call]) return described[theCase.call](theCase)
      const it = evaluate(theCase.call)
      if (theCase.throws) {
        assert.throws(it.run, { code: 'invalid_options' })
        assert.equal(it.win.opened.length, 0)
        return
      }
      it.run()
      const isWarned = theCase.warns ?? /warning/.test(theCase.expect)
      assert.equal(it.warnings.length, isWarned ? 1 : 0)
    })
  }
})

test('watch() takes what is no object for nothing, and onready for stateless mode', options, () => {
  const { id } = page()
  id.watch()
  assert.throws(() => id.request(), { code: 'watch_required' })
  const it = page()
  it.id.watch({ onlogin: it.onlogin, onready: it.onready })
  it.id.request()
  it.win.receive(dialogOf(it), messages.ready)
  assert.equal(JSON.parse(dialogOf(it).posts[0].data).d.params.rp_api, 'stateless')
})

test('after_load', options, () => {
  const words = { undefined, null: null, false: false }
  for (const theCase of vectors.after_load) {
    const { loggedInUser: word, user_agent_state, events, assertion_for } = theCase
    const it = observer(word in words ? words[word] : word)
    it.frame.believes = user_agent_state
    it.frame.load()
    it.win.tick(5000)
    const names = it.events.map((event) => [event].flat()[0])
    assert.deepEqual(names, events, JSON.stringify(theCase))
    if (assertion_for) assert.equal(it.events[0][1], 'assertion for ' + assertion_for)
  }
})

test('cookies_blocked', options, () => {
  for (const loggedInUser of [undefined, null, 'a@idp.test']) {
    const it = observer(loggedInUser) // the frame cannot know
    it.frame.load()
    it.win.tick(5000)
    const { expect } = vectors.cookies_blocked
    assert.deepEqual(
      it.events.map((name) => name + ' only'),
      expect,
    )
    it.id.logout()
    it.frame.run()
    it.id.logout()
    it.win.tick(5000)
    assert.deepEqual(it.events, loggedInUser === null ? ['onready'] : ['onready', 'onlogout'])
  }
})

test('storage_blocked_but_cookies', options, () => {
  for (const [loggedInUser, want] of [
    [undefined, 'onlogout'],
    ['a@idp.test', 'onlogout'],
    [null, 'onmatch'],
  ]) {
    const it = observer(loggedInUser)
    it.frame.believes = null // and knows that it is nobody
    it.frame.load()
    it.win.tick(5000)
    assert.deepEqual(it.events, [want, 'onready'])
  }
})
