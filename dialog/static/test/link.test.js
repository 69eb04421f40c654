// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { takeToken } from '../link.js'

const TOKEN = 'A'.repeat(43)

function open(hash) {
  const shown = []
  const window = {
    location: { hash, pathname: '/confirm' },
    history: { replaceState: (_state, _title, url) => shown.push(url) },
  }
  return { window, shown }
}

test('the secret of a link leaves the address bar at once', () => {
  const { window, shown } = open(`#${TOKEN}`)
  assert.equal(takeToken(window), TOKEN)
  assert.deepEqual(shown, ['/confirm'])
})

test('what is no secret of ours is none, and leaves it too', () => {
  for (const hash of ['#short', '#<script>', `#${'A'.repeat(200)}`, '#navid={}']) {
    const { window, shown } = open(hash)
    assert.equal(takeToken(window), '', hash)
    assert.deepEqual(shown, ['/confirm'])
  }
  const { window, shown } = open('')
  assert.equal(takeToken(window), '')
  assert.deepEqual(shown, [])
})
