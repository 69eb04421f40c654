// README.md against what it tells of: the scripts, their types, the dialog; and the guide beside it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import vm from 'node:vm'

import { FakeWindow } from './fakewindow.js'

const read = (file) => readFileSync(new URL('../' + file, import.meta.url), 'utf8')
const readme = read('README.md')
const all = (text, pattern) =>
  [...text.matchAll(pattern)].map((match) => match.slice(1).find(Boolean))
const sorted = (names) => [...new Set(names)].sort()

/** The text below a heading, up to the next one of its rank or above. */
const section = (heading) => {
  const title = heading.replace(/[()]/g, '\\$&')
  const [, rank, below] = new RegExp(`^(#+) ${title}\n(.*)`, 'ms').exec(readme)
  return below.split(new RegExp(`^#{1,${rank.length}} `, 'm'))[0]
}

/** What stands in the first column of the tables of a text: `name` or `name(…)`. */
const tabled = (text) =>
  all(text, /^\| (`.*?) +\|/gm).flatMap((cell) => all(cell, /`(\w+)(?:\(.*?\))?`/g))

/** The members of an interface in a declaration file. */
const members = (file, name) => {
  const [, body] = new RegExp(`interface ${name} [^{]*{(.*?)\n {0,2}}`, 's').exec(read(file))
  return all(body, /^ +(?:readonly )?(\w+)\??[(:]/gm)
}

const types = (...names) => names.flatMap((name) => members('agent.d.ts', name))
const union = (name) => {
  const [, body] = new RegExp(`type ${name} = (.*)`).exec(read('agent.d.ts'))
  return all(body, /'(\w+)'/g)
}

const codes = (file) =>
  all(read(file), /(?:failure|leave)\('(\w+)'|(invalid)\(/g).map((code) =>
    code === 'invalid' ? 'invalid_options' : code,
  )

test('the options of watch() are those of the types', () => {
  const own = ['StatelessOptions', 'ObserverOptions', 'DisplayOptions', 'AssertionOptions']
  assert.deepEqual(
    sorted(tabled(section('`navigator.id.watch(options)`').split('\n\n**Stateless')[0])),
    sorted(types(...own)),
  )
})

test('the options of request() are those of the types', () => {
  const told = tabled(section('`navigator.id.request(options)`'))
  assert.deepEqual(sorted(told), sorted(types('RequestOptions', 'GetOptions', 'AssertionOptions')))
})

test('the options of get() are those of the types', () => {
  const told = all(
    section('`navigator.id.get(callback, options)`, `navigator.id.getVerifiedEmail(callback)`'),
    /`(\w+)`/g,
  )
  const options = types('GetOptions', 'DisplayOptions', 'AssertionOptions')
  assert.deepEqual(sorted(told), sorted([...options, 'null', 'silent']))
})

test('old names are told with those of today', () => {
  const renamed = [...read('agent.js').matchAll(/rename\(\w+, '(\w+)', '(\w+)'\)/g)]
  assert.ok(renamed.length > 3)
  for (const [, from, to] of renamed) {
    assert.match(readme.replace(/\s+/g, ' '), new RegExp(`\`${from}\` for \`${to}\``))
  }
})

test('the errors are those that agent.js makes, and those of the types', () => {
  const told = section('Errors')
  assert.deepEqual(sorted(tabled(told)), sorted(codes('agent.js')))
  assert.deepEqual(sorted(tabled(told)), sorted([...union('ErrorCode'), ...union('CancelCode')]))
  assert.deepEqual(
    sorted(all(told.split('`oncancel`')[1], /`(\w+)`/g)),
    sorted(union('CancelCode')),
  )
})

test('the codes of the dialog are those of the agent, and of the screens', () => {
  const agent = JSON.parse(read('../agent/testdata/errors.json'))
  const screens = all(read('../dialog/static/strings/later/en.js'), /'error\.(\w+)\.title'/g)
  assert.deepEqual(sorted(tabled(section('What the dialog says'))), sorted([...agent, ...screens]))
})

test('what is left in the tab is told', () => {
  assert.deepEqual(
    sorted(all(section('What it leaves behind'), /`(navid\.\w+)`/g)),
    sorted(all(read('agent.js'), /'(navid\.\w+)'/g)),
  )
})

test('the calls for identity providers are those of the scripts, and of the types', () => {
  const told = [...tabled(section('Provisioning page')), ...tabled(section('Authentication page'))]
  const { id } = new FakeWindow().load('provisioning_api.js').load('authentication_api.js')
  assert.deepEqual(sorted(told), sorted(Object.keys(id)))
  assert.deepEqual(sorted(told), sorted(members('provider.d.ts', 'NavigatorId')))
})

test('the errors for identity providers are those that the scripts make', () => {
  const made = [...codes('provisioning_api.js'), ...codes('authentication_api.js')]
  assert.deepEqual(sorted(tabled(section('Errors of the two scripts'))), sorted(made))
})

test('the code is code', () => {
  const scripts = [
    ...all(readme, /```js\n(.*?)```/gs),
    ...all(readme, /<script>\n(.*?)<\/script>/gs),
  ]
  assert.ok(scripts.length > 6)
  for (const script of scripts) assert.doesNotThrow(() => new vm.Script(script), script)
})

test('the nonce of an assertion is found', (t) => {
  const segment = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [python] = all(readme, /```python\n(.*?)```/gs)
  for (const nonce of ['n', 'n1', 'n12', 'n123']) {
    const assertion = `a.b.c~${segment({ alg: 'ES256' })}.${segment({ aud: 'https://rp.test', nonce })}.x`
    const { error, status, stdout, stderr } = spawnSync(
      'python3',
      ['-c', `${python}\nprint(nonce_of("${assertion}"))`],
      { encoding: 'utf8' },
    )
    if (error) return t.diagnostic('there is no python3 on this machine')
    assert.equal(status, 0, stderr)
    assert.equal(stdout, nonce + '\n')
  }
})

/** The anchors of a file's headings, as GitHub makes them. */
const anchors = (text) =>
  all(text, /^#+ (.*)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replace(/ /g, '-'),
  )

test('the links lead somewhere', () => {
  const guides = ['README.md', 'sites/README.md', '../README.md', '../dialog/README.md']
  for (const file of [...guides, '../agent/issuer/README.md']) {
    const links = all(read(file).replace(/```.*?```/gs, ''), /\]\(([^):]+)\)|^\[\w+\]: (\S+)$/gm)
    assert.ok(links.length > 2)
    for (const link of links) {
      const [path, anchor] = link.split('#')
      const target = new URL(path || file.split('/').pop(), new URL('../' + file, import.meta.url))
      assert.ok(existsSync(target), `${file}: ${link}`)
      if (anchor)
        assert.ok(anchors(readFileSync(target, 'utf8')).includes(anchor), `${file}: ${link}`)
    }
  }
})
