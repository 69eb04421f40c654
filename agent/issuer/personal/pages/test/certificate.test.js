import assert from 'node:assert/strict'
import test from 'node:test'
import { certify } from '../certificate.js'
import { generate, publicForm } from '../keys.js'

const NOW = 1_800_000_000_000
const pair = await generate('ES256')
const session = {
  algorithm: 'ES256',
  privateKey: pair.privateKey,
  rights: { domain: 'example.com', addresses: ['ann@example.com'], patterns: [] },
}
const publicKey = JSON.stringify(await publicForm(pair.publicKey))
const question = { email: 'ann@example.com', publicKey, seconds: 3600 }

const claimsOf = async (changes) => {
  const certificate = await certify(session, { ...question, ...changes }, NOW)
  return JSON.parse(atob(certificate.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
}

test('times are milliseconds, backdated, as short as asked and a day at most', async () => {
  const { iat, exp, iss, principal } = await claimsOf({ email: 'ann@Example.COM' })
  assert.equal(iat, NOW - 10_000)
  assert.equal(exp, NOW + 3_600_000)
  assert.equal(iss, 'example.com')
  assert.deepEqual(principal, { email: 'ann@example.com' })
  const longest = await claimsOf({ seconds: 1e9 })
  assert.equal(longest.exp - longest.iat, 24 * 60 * 60 * 1000)
})

test('nobody else, and no other key, is certified', async () => {
  const refused = (changes, code) =>
    assert.rejects(
      certify(session, { ...question, ...changes }, NOW),
      { code },
      JSON.stringify(changes),
    )
  await refused({ email: 'eve@example.com' }, 'address')
  await refused({ email: 'ann@evil.test' }, 'address')
  for (const seconds of [0, -1, NaN, undefined, 'soon']) await refused({ seconds }, 'duration')
  const keys = [
    'null',
    '[]',
    '{"algorithm":"DS","y":"1","p":"1","q":"1","g":"1"}',
    '{"algorithm":"RS","n":"3233","e":"65537"}',
    '{"kty":"oct","k":"AAAA"}',
    '{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}',
    '"' + 'x'.repeat(5000) + '"',
    undefined,
  ]
  for (const publicKey of keys) await refused({ publicKey }, 'public_key')
})

test('only public members are certified', async () => {
  const key = { ...JSON.parse(publicKey), d: 'secret', use: 'sig' }
  const claims = await claimsOf({ publicKey: JSON.stringify(key) })
  assert.deepEqual(claims['public-key'], JSON.parse(publicKey))
})
