// A small fake of what the scripts use of a browser window. Scripts run in a realm of their own,
// time stands still until tick(), and everything that leaves the window is kept.

import { readFileSync } from 'node:fs'
import vm from 'node:vm'

export const HOST = 'https://login.example'

/** Reads a file that the Go tests of agent/channel read too. */
export const golden = (name) =>
  JSON.parse(readFileSync(new URL('../../agent/channel/testdata/' + name, import.meta.url), 'utf8'))

class HTMLElement {}
class HTMLScriptElement extends HTMLElement {
  constructor(src, dataset = {}) {
    super()
    Object.assign(this, { src, dataset })
  }
}

class FakeDocument {
  script = null
  clicked = []
  frames = []
  from = ''

  get currentScript() {
    return this.script
  }

  get documentElement() {
    return { append: (frame) => this.frames.push(frame) }
  }

  get referrer() {
    return this.from
  }

  createElement(name) {
    if (name === 'iframe') return { style: {}, contentWindow: new Peer() }
    const element = { name, click: () => this.clicked.push(element) }
    return element
  }
}

class FakeStorage {
  items = new Map()

  getItem(key) {
    return this.items.get(key) ?? null
  }

  setItem(key, value) {
    this.items.set(key, value)
  }

  removeItem(key) {
    this.items.delete(key)
  }
}

class FakeClock {
  timers = new Map()
  next = 1

  constructor(now = 1_800_000_000_000) {
    this.now = now
  }

  add(run, ms, args, repeat) {
    this.timers.set(this.next, { run, at: this.now + ms, every: repeat && ms, args })
    return this.next++
  }

  /** Lets time pass and runs what is due, in order. */
  tick(ms) {
    const end = this.now + ms
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end)
      if (due.length === 0) break
      const [id, timer] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a))
      this.now = timer.at
      if (timer.every) timer.at += timer.every
      else this.timers.delete(id)
      timer.run(...timer.args)
    }
    this.now = end
  }
}

/** A window of another origin, as a page sees it. */
export class Peer {
  closed = false
  focused = 0
  posts = []

  postMessage(data, targetOrigin) {
    this.posts.push({ data, targetOrigin })
  }

  focus() {
    this.focused++
  }
}

/**
 * Options: href, referrer, opener, parent, and id: a navigator.id that is there already. Before: the
 * window whose page was here earlier in this tab, so that storage and time go on.
 */
export class FakeWindow {
  document = new FakeDocument()
  activation = { isActive: false }
  opened = []
  blocked = false
  logs = { warn: [], error: [] }
  left = []
  shown = [] // what the address bar was changed to
  listeners = []

  constructor({
    href = 'https://rp.test/trees?x=1',
    referrer = '',
    opener,
    parent,
    before,
    id,
  } = {}) {
    const clock = new FakeClock(before?.clock.now)
    this.clock = clock
    const { pathname, search, hash, origin } = new URL(href)
    this.document.from = referrer
    this.sessionStorage = before?.sessionStorage ?? new FakeStorage()
    this.navigator = { userActivation: this.activation, ...(id && { id }) }
    this.global = {
      navigator: this.navigator,
      document: this.document,
      Document: FakeDocument,
      HTMLScriptElement,
      URL,
      URLSearchParams,
      opener: opener ?? null,
      sessionStorage: this.sessionStorage,
      location: {
        ...{ href, pathname, search, hash, origin },
        assign: (url) => this.left.push(url),
        replace: (url) => this.left.push(url),
      },
      history: { state: null, replaceState: (state, title, url) => this.shown.push(url) },
      crypto: { getRandomValues: (array) => crypto.getRandomValues(array) },
      open: (...args) => this.#open(args),
      addEventListener: (type, listener) => this.listeners.push({ type, listener }),
      setTimeout: (run, ms, ...args) => clock.add(run, ms, args, false),
      setInterval: (run, ms, ...args) => clock.add(run, ms, args, true),
      clearTimeout: (timer) => clock.timers.delete(timer),
      clearInterval: (timer) => clock.timers.delete(timer),
      console: {
        warn: (text) => this.logs.warn.push(text),
        error: (text) => this.logs.error.push(text),
      },
    }
    this.global.window = this.global
    this.global.parent = parent ?? this.global
    this.global.postMessage = () => {
      throw new Error('the page posted to itself')
    }
    vm.createContext(this.global)
    vm.runInContext('Date', this.global).now = () => clock.now
    this.run('Math.random = () => 0')
    this.before = Object.keys(this.global)
  }

  get id() {
    return this.navigator.id
  }

  #open(args) {
    if (this.blocked) return null
    const dialog = new Peer()
    this.opened.push({ args, dialog })
    return dialog
  }

  /** Runs a script of shim/ as if it had been loaded from the URL. */
  load(
    file,
    { src = HOST + '/' + file, dataset, script = new HTMLScriptElement(src, dataset) } = {},
  ) {
    this.document.script = script
    const source = readFileSync(new URL('../' + file, import.meta.url), 'utf8')
    this.run(source, file)
    this.document.script = null
    return this
  }

  /** Runs code of the page itself. */
  run(source, filename = 'page') {
    return vm.runInContext(source, this.global, { filename })
  }

  /** Lets a message arrive. */
  receive(source, data, origin = HOST) {
    for (const { type, listener } of this.listeners) {
      if (type === 'message') listener({ source, data, origin })
    }
  }

  /** Lets the page be left. */
  leave() {
    for (const { type, listener } of this.listeners) if (type === 'pagehide') listener()
  }

  tick(ms) {
    this.clock.tick(ms)
  }

  /** The names of the globals that scripts have left behind. */
  newGlobals() {
    return Object.keys(this.global).filter((name) => !this.before.includes(name))
  }
}

/** The error that run() throws. */
export const thrown = (run) => {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
