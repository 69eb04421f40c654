// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GRACE, SMALLEST, createGuard } from '../guard.js'

/** A window with one button, a clock that is moved by hand, and what reaches the button. */
function open({ visible = true, focused = true } = {}) {
  let now = 1000
  let timer
  let isArmed
  const document = Object.assign(new EventTarget(), {
    visibilityState: visible ? 'visible' : 'hidden',
    hasFocus: () => focused,
  })
  const window = Object.assign(new EventTarget(), {
    document,
    innerWidth: 700,
    innerHeight: 375,
    performance: { now: () => now },
    setTimeout: (run, ms) => (timer = { run, at: now + ms }),
    clearTimeout: () => (timer = undefined),
  })
  const guard = createGuard(window, (armed) => (isArmed = armed))
  const button = { closest: () => button, matches: () => false }
  const close = { closest: () => close, matches: (selector) => selector.includes('.harmless') }
  const field = { closest: () => null, matches: (selector) => selector.startsWith('input') }

  /** Whether an event gets through. */
  function passes(type, init = {}) {
    const event = new Event(type, { cancelable: true })
    const own = { isTrusted: true, target: button, ...init }
    for (const name in own) Object.defineProperty(event, name, { value: own[name] })
    window.dispatchEvent(event)
    return !event.defaultPrevented
  }
  return {
    guard,
    close,
    field,
    passes,
    isArmed: () => isArmed,
    wait(ms) {
      now += ms
      if (timer && now >= timer.at) timer.run()
    },
    setFocus(value) {
      focused = value
      window.dispatchEvent(new Event(value ? 'focus' : 'blur'))
    },
    setSize(innerWidth, innerHeight) {
      Object.assign(window, { innerWidth, innerHeight })
      window.dispatchEvent(new Event('resize'))
    },
    setVisible(value) {
      document.visibilityState = value ? 'visible' : 'hidden'
      document.dispatchEvent(new Event('visibilitychange'))
    },
    click(init) {
      passes('pointerdown')
      return passes('click', { detail: 1, ...init })
    },
  }
}

test('nothing is clicked before the grace is over (G9)', () => {
  const w = open()
  w.wait(GRACE - 1)
  assert.ok(!w.click())
  assert.ok(!w.isArmed())
  w.wait(1)
  assert.ok(w.click())
  assert.ok(w.isArmed())
})

test('the grace begins when the window is both visible and focused', () => {
  const lacks = [
    [{ visible: false }, (w) => w.setVisible(true)],
    [{ focused: false }, (w) => w.setFocus(true)],
  ]
  for (const [lack, mend] of lacks) {
    const w = open(lack)
    w.wait(GRACE)
    assert.ok(!w.click())
    mend(w)
    w.wait(GRACE - 1)
    assert.ok(!w.click())
    w.wait(1)
    assert.ok(w.click())
  }
})

test('in a window too small to show who asks nothing is clicked', () => {
  for (const [width, height] of [
    [SMALLEST - 1, 375],
    [700, SMALLEST - 1],
  ]) {
    const w = open()
    w.setSize(width, height)
    w.wait(GRACE)
    assert.ok(!w.click())
    w.setSize(700, 375)
    assert.ok(!w.click())
    w.wait(GRACE)
    assert.ok(w.click())
  }
})

test('in a window that has lost the focus nothing is clicked', () => {
  const w = open()
  w.wait(GRACE)
  w.setFocus(false)
  w.wait(GRACE)
  assert.ok(!w.click())
})

test('losing focus, hiding, and a new screen begin it anew', () => {
  const changes = [
    (w) => (w.setFocus(false), w.setFocus(true)),
    (w) => (w.setVisible(false), w.setVisible(true)),
    (w) => w.guard.restart(),
  ]
  for (const change of changes) {
    const w = open()
    w.wait(GRACE)
    change(w)
    assert.ok(!w.click())
    assert.ok(!w.isArmed())
    w.wait(GRACE)
    assert.ok(w.click())
  }
})

test('a click whose press began too early does not count', () => {
  const w = open()
  w.passes('pointerdown')
  w.wait(GRACE)
  assert.ok(!w.passes('click', { detail: 1 }))
})

test('clicks made by scripts do not count; those of assistive technology do', () => {
  const w = open()
  w.wait(GRACE)
  assert.ok(!w.click({ isTrusted: false }))
  assert.ok(w.passes('click', { detail: 0 }))
})

test('what does nobody any good but the person works at once, but not for scripts', () => {
  const w = open({ focused: false })
  assert.ok(w.click({ target: w.close }))
  assert.ok(!w.click({ target: w.close, isTrusted: false }))
  for (const key of ['Enter', ' ']) assert.ok(w.passes('keydown', { key, target: w.close }), key)
})

test('clicks elsewhere than on a button are nobody’s business', () => {
  const w = open()
  assert.ok(w.click({ target: w.field }))
})

test('a repeated key does not count', () => {
  const w = open()
  w.wait(GRACE)
  for (const key of ['Enter', ' ', 'Escape']) {
    assert.ok(!w.passes('keydown', { key, repeat: true }), key)
    assert.ok(w.passes('keydown', { key }), key)
  }
})

test('a key that was down too early counts once it has been let go', () => {
  const w = open()
  assert.ok(!w.passes('keydown', { key: 'Enter' }))
  w.wait(GRACE)
  assert.ok(!w.passes('keydown', { key: 'Enter' }))
  assert.ok(!w.passes('keyup', { key: 'Enter' }))
  assert.ok(w.passes('keydown', { key: 'Enter' }))
})

test('typing is never held up', () => {
  const w = open()
  assert.ok(w.passes('keydown', { key: 'a' }))
  assert.ok(w.passes('keydown', { key: ' ', target: w.field, repeat: true }))
})
