// design.md 11: bytes as served, comments included.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'

const served = (file) =>
  brotliCompressSync(readFileSync(new URL('../' + file, import.meta.url))).length

test('agent.js stays within 5,000 bytes', (t) => {
  const bytes = served('agent.js')
  t.diagnostic(bytes + ' bytes')
  assert.ok(bytes <= 5000, bytes + ' bytes')
})

test('the scripts of an identity provider stay within 2,700 bytes together', (t) => {
  const bytes = served('provisioning_api.js') + served('authentication_api.js')
  t.diagnostic(bytes + ' bytes')
  assert.ok(bytes <= 2700, bytes + ' bytes')
})
