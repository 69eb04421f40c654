// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isOwn, panelColors } from '../brand.js'

/** WCAG's contrast of two colours, by another way than the module's. */
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(color) {
  const digits = color.length === 4 ? color.replace(/[^#]/g, '$&$&') : color
  const weights = [0.2126, 0.7152, 0.0722]
  const channels = digits.match(/[^#]{2}/g).map((pair) => Number(`0x${pair}`) / 255)
  return channels.reduce((sum, c, i) => {
    return sum + weights[i] * (c > 0.03928 ? Math.pow((c + 0.055) / 1.055, 2.4) : c / 12.92)
  }, 0)
}

test('text on the panel is readable, whatever the colour of the site (B1.18)', () => {
  for (let i = 0; i < 4096; i++) {
    const color = i.toString(16).padStart(3, '0').replace(/./g, '$&$&')
    const panel = panelColors(color)
    assert.equal(panel.site, `#${color}`)
    assert.ok(contrast(panel.site, panel['on-site']) >= 4.5, color)
    assert.ok(contrast(panel['site-dark'], '#fff') >= 7, `${color} in the dark`)
  }
})

test('a dark colour stays as it is in the dark, a bright one keeps its hue', () => {
  assert.equal(panelColors('102030')['site-dark'], '#102030')
  const [, red, green, blue] = /#(..)(..)(..)/.exec(panelColors('ff8000')['site-dark'])
  assert.ok(parseInt(red, 16) > parseInt(green, 16) && blue === '00')
})

// Partitioned cookies belong to the dialog's site: one third party would know a person at all sites.
test('only a logo of the site itself is shown', (t) => {
  const warned = t.mock.method(console, 'warn', () => {})
  for (const logo of ['data:image/png;base64,AAAA', 'https://rp.test/logo.png'])
    assert.ok(isOwn(logo, 'https://rp.test'), logo)
  assert.equal(warned.mock.callCount(), 0)
  for (const logo of [
    ...['https://cdn.test/logo.png', 'https://rp.test.evil.test/', 'https://www.rp.test/logo.png'],
    ...['https://rp.test:8443/logo.png', 'http://rp.test/logo.png', 'https://rp.test@evil.test/'],
  ])
    assert.equal(isOwn(logo, 'https://rp.test'), false, logo)
  assert.match(warned.mock.calls[0].arguments[0], /siteLogo .* https:\/\/rp\.test/)
})
