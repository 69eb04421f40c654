// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ATTEMPT_KEY, createIdpWindow } from '../idpwindow.js'

/** A dialog whose browser opens windows, or not. */
function dialog({ blocks = false, isActive = true } = {}) {
  const opened = []
  const stored = new Map()
  let id = 0
  const window = {
    screenX: 100,
    screenY: 50,
    outerWidth: 700,
    outerHeight: 400,
    crypto: { randomUUID: () => `id-${++id}` },
    navigator: { userActivation: { isActive } },
    sessionStorage: {
      setItem: (key, value) => stored.set(key, value),
      removeItem: (key) => stored.delete(key),
    },
    open(url, name, features) {
      const popup = { closed: false, clone: new Map(stored), url, name, features }
      opened.push(popup)
      return blocks ? null : popup
    },
  }
  const furnished = []
  const idpWindow = createIdpWindow(window, (blank) => furnished.push(blank))
  return { idpWindow, opened, furnished, stored }
}

test('the window of the click is taken, once', () => {
  const { idpWindow, opened, furnished } = dialog()
  idpWindow.openForClick()
  assert.equal(idpWindow.take(), opened[0])
  assert.deepEqual(furnished, opened)
  assert.equal(idpWindow.take(), opened[1])
})

test('it is blank, centred, and named as no page can guess (E10)', () => {
  const { idpWindow, opened } = dialog()
  idpWindow.openForClick()
  idpWindow.openForClick()
  assert.equal(opened[0].url, '')
  assert.match(opened[0].name, /^navid_idp_id-/)
  assert.notEqual(opened[0].name, opened[1].name)
  assert.equal(opened[0].features, 'popup,width=520,height=640,left=190,top=0')
})

test('the window is on no journey of ours', () => {
  const { idpWindow, opened, stored } = dialog()
  stored.set('navid.journey', '{}')
  idpWindow.take()
  assert.equal(opened[0].clone.has('navid.journey'), false)
})

test('the attempt is stored before the window opens, which clones the storage', () => {
  const { idpWindow, opened, stored } = dialog()
  idpWindow.openForClick()
  assert.equal(opened[0].clone.get(ATTEMPT_KEY), stored.get(ATTEMPT_KEY))
})

test('without a click’s permission nothing is opened, and the browser does not complain', () => {
  const { idpWindow, opened } = dialog({ isActive: false })
  assert.equal(idpWindow.take(), null)
  assert.deepEqual(opened, [])
})

test('a blocked window is null, and so not furnished', () => {
  const { idpWindow, furnished } = dialog({ blocks: true })
  idpWindow.openForClick()
  assert.equal(idpWindow.take(), null)
  assert.deepEqual(furnished, [])
})

test('a window that the person has closed meanwhile is not taken', () => {
  const { idpWindow, opened } = dialog()
  idpWindow.openForClick()
  opened[0].closed = true
  assert.equal(idpWindow.take(), opened[1])
})

test('the window that was taken can be shown for as long as it is open', () => {
  const { idpWindow, opened } = dialog()
  assert.equal(idpWindow.isOpen(), false)
  idpWindow.show()
  idpWindow.openForClick()
  assert.equal(idpWindow.isOpen(), false, 'not before it is taken')
  idpWindow.take()
  let focused = 0
  opened[0].focus = () => focused++
  assert.equal(idpWindow.isOpen(), true)
  idpWindow.show()
  assert.equal(focused, 1)
  opened[0].closed = true
  assert.equal(idpWindow.isOpen(), false)
})
