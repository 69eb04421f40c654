// @ts-nocheck: the types of Node are not installed
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'

import { suggestPasskeys } from '../autofill.js'

const realFetch = globalThis.fetch
const realNavigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')

afterEach(() => {
  globalThis.fetch = realFetch
  delete globalThis.document
  delete globalThis.PublicKeyCredential
  delete globalThis.navigator
  if (realNavigator) Object.defineProperty(globalThis, 'navigator', realNavigator)
})

const credential = {
  id: 'AQ',
  rawId: Uint8Array.of(1).buffer,
  type: 'public-key',
  getClientExtensionResults: () => ({}),
  response: { clientDataJSON: Uint8Array.of(1).buffer },
}

/** A browser that suggests passkeys, and a host that knows one. */
function setUp({ hasFallback = true, isAvailable = true } = {}) {
  const asked = []
  let choose
  globalThis.document = { querySelector: () => (hasFallback ? {} : null) }
  globalThis.PublicKeyCredential = class {
    static isConditionalMediationAvailable = async () => isAvailable
  }
  const get = ({ mediation, signal }) =>
    new Promise((resolve, reject) => {
      asked.push(mediation)
      choose = () => resolve(credential)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  Object.defineProperty(globalThis, 'navigator', {
    value: { credentials: { get } },
    configurable: true,
  })
  globalThis.fetch = async (url) => {
    asked.push(url)
    const isLogin = url === '/api/passkey/login'
    const begun = { ceremony: 'c', options: { challenge: 'AA' } }
    return Response.json(isLogin ? begun : { addresses: [{ email: 'a@mail.test' }] })
  }
  return { asked, choose: () => choose() }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

test('a passkey that is chosen in the field answers the question for the address', async () => {
  const { asked, choose } = setUp()
  const answers = []
  suggestPasskeys((answer) => answers.push(answer))
  await settled()
  assert.deepEqual(asked, ['/api/passkey/login', 'conditional'])
  choose()
  await settled()
  assert.deepEqual(answers, [{ action: 'passkey', identities: ['a@mail.test'] }])
})

test('once the question is answered, nothing of it is left', async () => {
  for (const isLate of [false, true]) {
    const { choose } = setUp()
    const answers = []
    const end = suggestPasskeys((answer) => answers.push(answer))
    await settled()
    if (isLate) choose()
    end()
    await settled()
    assert.deepEqual(answers, [])
  }
})

test('neither a host without passkeys nor a browser without suggestions is asked', async () => {
  for (const lack of [{ hasFallback: false }, { isAvailable: false }]) {
    const { asked } = setUp(lack)
    suggestPasskeys(() => {})()
    suggestPasskeys(() => {})
    await settled()
    assert.deepEqual(asked, [])
  }
})
