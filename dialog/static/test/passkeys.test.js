// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { autofillsPasskeys, decoded, deviceName, encoded, knowsPasskeys } from '../passkeys.js'

const buffer = (...bytes) => Uint8Array.from(bytes).buffer

test('options get their binary members back, and keep all others', () => {
  const options = {
    rp: { id: 'login.example' },
    challenge: '-_8',
    user: { id: 'AQI', name: 'a@b.test' },
    excludeCredentials: [{ id: 'Aw', type: 'public-key', transports: ['internal'] }],
  }
  assert.deepEqual(decoded(options), {
    rp: { id: 'login.example' },
    challenge: Uint8Array.of(0xfb, 0xff),
    user: { id: Uint8Array.of(1, 2), name: 'a@b.test' },
    excludeCredentials: [{ id: Uint8Array.of(3), type: 'public-key', transports: ['internal'] }],
  })
  const request = { challenge: 'AA', rpId: 'login.example', userVerification: 'required' }
  assert.deepEqual(decoded(request), { ...request, challenge: Uint8Array.of(0) })
  const allowed = decoded({ challenge: 'AA', allowCredentials: [{ id: 'Aw' }] })
  assert.deepEqual(allowed.allowCredentials, [{ id: Uint8Array.of(3) }])
})

test('a credential becomes the JSON that WebAuthn names', () => {
  const base = { id: '-_8', rawId: buffer(0xfb, 0xff), type: 'public-key' }
  const methods = { getClientExtensionResults: () => ({}) }
  const made = {
    ...base,
    ...methods,
    authenticatorAttachment: 'platform',
    response: {
      clientDataJSON: buffer(1),
      attestationObject: buffer(2),
      getTransports: () => ['internal'],
    },
  }
  assert.deepEqual(encoded(made), {
    id: '-_8',
    rawId: '-_8',
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: { clientDataJSON: 'AQ', attestationObject: 'Ag', transports: ['internal'] },
  })
  const used = {
    ...base,
    ...methods,
    response: {
      clientDataJSON: buffer(1),
      authenticatorData: buffer(2),
      signature: buffer(3),
      userHandle: null,
    },
  }
  assert.deepEqual(encoded(used).response, {
    clientDataJSON: 'AQ',
    authenticatorData: 'Ag',
    signature: 'Aw',
  })
})

test('a browser without passkeys is not asked for any', async () => {
  assert.equal(knowsPasskeys(), false)
  assert.equal(await autofillsPasskeys(), false)
  globalThis.PublicKeyCredential = class {
    static isConditionalMediationAvailable = async () => true
  }
  assert.equal(await autofillsPasskeys(), true)
  delete globalThis.PublicKeyCredential.isConditionalMediationAvailable
  assert.equal(await autofillsPasskeys(), false)
  delete globalThis.PublicKeyCredential
})

test('a passkey is called after its device', () => {
  const agents = {
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)': 'iPhone',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)': 'Mac',
    'Mozilla/5.0 (X11; CrOS x86_64 15917.71.0)': 'Chromebook',
    'Mozilla/5.0 (Linux; Android 15; K)': 'Android',
    'Something else': 'Passkey',
  }
  for (const [userAgent, name] of Object.entries(agents))
    assert.equal(deviceName({ userAgent }), name)
})
