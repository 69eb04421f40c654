// provisioning_api.js and authentication_api.js, the two scripts of an identity provider's pages.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { FakeWindow, HOST, Peer, golden, thrown } from './fakewindow.js'

const messages = golden('provisioning_messages.json')
const noop = () => {}

/** A provisioning page in the agent's frame or window. */
const provisioning = (relation = 'parent') => {
  const agent = new Peer()
  const href = 'https://idp.test/browserid/provision'
  const win = new FakeWindow({ href, [relation]: agent }).load('provisioning_api.js')
  const sent = () => agent.posts.map(({ data }) => data)
  return { win, agent, sent }
}

test('no globals but the members of navigator.id', () => {
  const { win } = provisioning()
  win.load('authentication_api.js')
  assert.deepEqual(win.newGlobals(), [])
  assert.deepEqual(Object.keys(win.id).sort(), [
    ...['beginAuthentication', 'beginProvisioning', 'cancelAuthentication'],
    ...['completeAuthentication', 'genKeyPair', 'raiseAuthenticationFailure'],
    ...['raiseProvisioningFailure', 'registerCertificate'],
  ])
})

test('they coexist with agent.js and each other in any order, also loaded twice', () => {
  const files = ['agent.js', 'provisioning_api.js', 'authentication_api.js']
  for (const order of [files, files.toReversed(), [...files, ...files]]) {
    const win = new FakeWindow({ parent: new Peer() })
    for (const file of order) win.load(file)
    assert.equal(Object.keys(win.id).length, 14)
    assert.equal(win.listeners.length, 2)
  }
})

test('a native object is left alone', () => {
  const native = Object.freeze({ beginProvisioning: noop, beginAuthentication: noop })
  const win = new FakeWindow({ parent: new Peer(), id: native })
  win.load('provisioning_api.js').load('authentication_api.js')
  assert.equal(win.listeners.length, 0)
})

// The same lines are spoken by the agent in agent/channel/provision_test.go.
for (const talk of golden('conversations.json')) {
  test('C1: ' + talk.name, () => {
    const { win, agent, sent } = provisioning()
    win.id.beginProvisioning((email, seconds) => {
      assert.deepEqual([email, seconds], [talk.email, talk.seconds])
      if (talk.failure) return win.id.raiseProvisioningFailure(talk.failure)
      win.id.genKeyPair((publicKey) => {
        assert.equal(publicKey, talk.publicKey)
        win.id.registerCertificate(talk.certificate)
      })
    })
    const said = []
    for (const { from, message } of talk.lines) {
      if (from === 'page') said.push(message)
      else win.receive(agent, message)
    }
    assert.deepEqual(sent(), said)
    for (const { targetOrigin } of agent.posts) assert.equal(targetOrigin, HOST)
  })
}

test('in a window the page speaks to its opener', () => {
  const { win, agent, sent } = provisioning('opener')
  assert.deepEqual(sent(), [messages.ping])
  win.receive(agent, messages.pong)
  win.id.raiseProvisioningFailure('user is not authenticated as target user')
  assert.deepEqual(sent(), [messages.ping, messages.raiseProvisioningFailure])
})

test('A9.1: messages wait for the handshake and keep their order', () => {
  const { win, agent, sent } = provisioning()
  win.id.beginProvisioning(noop)
  win.id.genKeyPair(noop)
  win.id.registerCertificate('eyJ.eyJ.c2ln')
  assert.deepEqual(sent(), [messages.ping])
  win.receive(agent, messages.pong)
  assert.deepEqual(sent(), [
    messages.ping,
    messages.beginProvisioning.replace('7', '1'),
    messages.genKeyPair.replace('8', '2'),
    messages.registerCertificate,
  ])
})

test('A9.1: the question of the agent is answered each time', () => {
  const { win, agent, sent } = provisioning()
  win.id.registerCertificate('eyJ.eyJ.c2ln')
  win.receive(agent, messages.ping)
  win.receive(agent, messages.ping)
  assert.deepEqual(sent(), [
    messages.ping,
    messages.pong,
    messages.registerCertificate,
    messages.pong,
  ])
})

test('A9.1: the first number is not above 1,000,000', () => {
  const win = new FakeWindow({ parent: new Peer() })
  win.run('Math.random = () => 1 - 2 ** -53')
  win.load('provisioning_api.js')
  win.receive(win.global.parent, messages.pong)
  win.id.beginProvisioning(noop)
  assert.equal(JSON.parse(win.global.parent.posts[1].data).id, 1e6)
})

// A9.5: the origin AND the window.
test('nobody but the agent is listened to', () => {
  const { win, agent, sent } = provisioning()
  const heard = []
  win.id.beginProvisioning((email) => heard.push(email))
  const begun = messages.begun.replace('7', '1')
  for (const data of [messages.ping, messages.pong, begun]) {
    win.receive(agent, data, 'https://evil.test')
    win.receive(agent, data, 'null')
    win.receive(new Peer(), data)
    win.receive(null, data)
  }
  assert.deepEqual(sent(), [messages.ping])
  win.receive(agent, messages.pong)
  win.receive(agent, begun)
  win.receive(agent, begun) // a call is answered once
  assert.deepEqual(heard, ['a&b@idp.test'])
})

test('what is no message is ignored', () => {
  const { win, agent, sent } = provisioning()
  const foreign = messages.ping.replace('vep_prov', 'mozid_ni')
  for (const data of [
    '',
    'null',
    '5',
    '{',
    undefined,
    [messages.ping],
    { method: 'x' },
    '{"id":9}',
    foreign,
  ]) {
    win.receive(agent, data)
  }
  win.receive(agent, JSON.stringify({ ...JSON.parse(messages.ping), x: 'x'.repeat(65536) }))
  assert.deepEqual(sent(), [messages.ping])
})

test('an error goes to the console, not to the callback', () => {
  const { win, agent } = provisioning()
  win.id.genKeyPair(() => assert.fail('called'))
  win.receive(agent, messages.callError.replace('8', '1'))
  assert.deepEqual(win.logs.error, ['navigator.id: out_of_order: call beginProvisioning() first'])
})

test('C1.1, C1.2, C2.2: callbacks and certificates are checked', () => {
  const { win } = provisioning()
  win.load('authentication_api.js')
  for (const call of [
    () => win.id.beginProvisioning(),
    () => win.id.genKeyPair('x'),
    () => win.id.beginAuthentication({}),
    () => win.id.registerCertificate({}),
  ]) {
    assert.equal(thrown(call).code, 'invalid_options')
  }
})

test('C1.4: a failure without a reason', () => {
  const { win, agent, sent } = provisioning()
  win.receive(agent, messages.pong)
  win.id.raiseProvisioningFailure()
  assert.equal(sent()[1], messages.raiseProvisioningFailure.replace(/user is.*user/, ''))
})

test('a provisioning page that was opened by hand greets nobody', () => {
  const win = new FakeWindow({ href: 'https://idp.test/provision' }) // throws if it posts to itself
  win.load('provisioning_api.js')
  assert.deepEqual(win.logs, { warn: [], error: [] })
})

// security.md E8, abuse test 19: markup does not choose the host.
test('a clobbered currentScript does not change the host', () => {
  const agent = new Peer()
  const win = new FakeWindow({ parent: agent })
  Object.defineProperty(win.document, 'currentScript', { value: { src: 'https://evil.test/x.js' } })
  win.load('provisioning_api.js').load('authentication_api.js')
  assert.deepEqual(agent.posts, [{ data: messages.ping, targetOrigin: HOST }])
  win.id.completeAuthentication()
  assert.deepEqual(win.left, [HOST + '/sign_in?AUTH_RETURN'])
})

// security.md G8: a provider may serve the scripts itself.
test('copies of the scripts have their host in an attribute', () => {
  const agent = new Peer()
  const win = new FakeWindow({ parent: agent })
  for (const file of ['provisioning_api.js', 'authentication_api.js']) {
    win.load(file, { src: 'https://idp.test/' + file, dataset: { host: HOST } })
  }
  assert.deepEqual(agent.posts, [{ data: messages.ping, targetOrigin: HOST }])
  win.id.completeAuthentication()
  assert.deepEqual(win.left, [HOST + '/sign_in?AUTH_RETURN'])
})

test('scripts without a host of their own load, and say so when they are used', () => {
  const agent = new Peer()
  const win = new FakeWindow({ parent: agent })
  win.load('provisioning_api.js', { script: null }).load('authentication_api.js', { script: null })
  for (const call of [
    () => win.id.beginProvisioning(noop),
    () => win.id.completeAuthentication(),
  ]) {
    assert.equal(thrown(call).code, 'no_host')
  }
  win.receive(agent, messages.ping)
  assert.deepEqual(agent.posts, [])
})

/** What beginAuthentication() gives on a page with this query. */
const asked = (query) => {
  const win = new FakeWindow({ href: 'https://idp.test/sign_in' + query })
  win.load('authentication_api.js')
  const given = []
  win.id.beginAuthentication((email) => given.push(email))
  assert.deepEqual(given, [])
  win.tick(0)
  return given
}

test('C2.2: beginAuthentication() gives the address of the query, later', () => {
  assert.deepEqual(asked('?email=a%40idp.test'), ['a@idp.test'])
  assert.deepEqual(asked('?lang=de&email=a%2Bb%40idp.test'), ['a+b@idp.test'])
  assert.deepEqual(asked('?email=a+b@idp.test'), ['a+b@idp.test'])
  assert.deepEqual(asked('?email=%E0%A4%A'), ['\ufffd%A']) // broken escapes do not throw
  assert.deepEqual(asked(''), [null])
})

test('C2.3: the page returns to the dialog', () => {
  const win = new FakeWindow({ href: 'https://idp.test/sign_in' }).load('authentication_api.js')
  win.id.completeAuthentication()
  win.id.raiseAuthenticationFailure('wrong passphrase')
  win.id.cancelAuthentication()
  assert.deepEqual(win.left, [
    HOST + '/sign_in?AUTH_RETURN',
    HOST + '/sign_in?AUTH_RETURN_CANCEL',
    HOST + '/sign_in?AUTH_RETURN_CANCEL',
  ])
})

// ---- redirect provisioning (design 5.4c) ----

const question = {
  attempt: 'an-attempt',
  email: 'a+b&c@idp.test',
  cert_duration_s: 3600,
  publicKey: '{"kty":"OKP"}',
}
const asFragment = (value) => '#navid=' + encodeURIComponent(JSON.stringify(value))

/** A provisioning page that people are sent to, and not by messages. */
const sent = ({ referrer = HOST + '/', fragment = asFragment(question), ...more } = {}) => {
  const href = 'https://idp.test/browserid/provision?lang=de' + fragment
  return new FakeWindow({ href, referrer, ...more }).load('provisioning_api.js')
}

test('an old page, unchanged, answers by redirect', () => {
  const win = sent()
  assert.deepEqual(win.shown, ['/browserid/provision?lang=de']) // at once, and no more in history
  let isLater = false
  win.id.beginProvisioning((email, seconds) => {
    assert.ok(isLater)
    assert.deepEqual([email, seconds], [question.email, 3600])
    win.id.genKeyPair((publicKey) => {
      assert.equal(publicKey, question.publicKey)
      win.id.registerCertificate('eyJ.eyJ.c2ln')
      win.id.raiseProvisioningFailure('too late')
    })
  })
  isLater = true
  win.tick(0)
  const answer = { attempt: 'an-attempt', certificate: 'eyJ.eyJ.c2ln' }
  assert.deepEqual(win.left, [HOST + '/sign_in?PROVISION_RETURN' + asFragment(answer)])
  assert.deepEqual(win.logs, { warn: [], error: [] })
})

test('a failure goes back by redirect too', () => {
  const win = sent()
  win.id.raiseProvisioningFailure('user is not authenticated as target user')
  const answer = { attempt: 'an-attempt', failure: 'user is not authenticated as target user' }
  assert.deepEqual(win.left, [HOST + '/sign_in?PROVISION_RETURN' + asFragment(answer)])
})

// security.md G4, abuse test 8: any page can send people here with a key of its own.
test('only the host may ask in the fragment', () => {
  for (const referrer of [
    ...['', 'https://evil.test/', 'https://login.example.evil.test/', 'http://login.example/'],
    ...['https://evil.test/https://login.example/', 'https://login.example@evil.test/'],
  ]) {
    const win = sent({ referrer })
    win.id.beginProvisioning(() => assert.fail('asked by ' + referrer))
    win.id.registerCertificate('eyJ.eyJ.c2ln')
    win.id.raiseProvisioningFailure('no')
    win.tick(10_000)
    assert.deepEqual(win.left, [])
    assert.deepEqual(win.shown, ['/browserid/provision?lang=de'])
    assert.equal(win.logs.error.length, 1)
  }
})

test('markup does not change who sent people here', () => {
  const win = new FakeWindow({ href: 'https://idp.test/provision' + asFragment(question) })
  Object.defineProperty(win.document, 'referrer', { value: HOST + '/' }) // <img name=referrer>
  win.load('provisioning_api.js')
  win.id.registerCertificate('eyJ.eyJ.c2ln')
  assert.deepEqual(win.left, [])
})

test('with an agent to speak to, the fragment is cleaned away and means nothing', () => {
  for (const relation of ['opener', 'parent']) {
    const agent = new Peer()
    const win = sent({ [relation]: agent })
    assert.deepEqual(win.shown, ['/browserid/provision?lang=de'])
    win.id.registerCertificate('eyJ.eyJ.c2ln')
    win.receive(agent, messages.pong)
    assert.deepEqual(
      agent.posts.map(({ data }) => data),
      [messages.ping, messages.registerCertificate],
    )
    assert.deepEqual(win.left, [])
    assert.deepEqual(win.logs.error, [])
  }
})

test('a fragment of the page itself stays', () => {
  const win = sent({ fragment: '#start' })
  assert.deepEqual(win.shown, [])
})

test('a broken question is none', () => {
  for (const fragment of [
    '#navid=%7',
    '#navid=null',
    '#navid=%7B',
    '#navid=' + 'x'.repeat(70000),
  ]) {
    const win = sent({ fragment })
    assert.equal(win.shown.length, 1)
    win.id.beginProvisioning((email) => assert.equal(email, undefined))
    win.tick(0)
  }
})
