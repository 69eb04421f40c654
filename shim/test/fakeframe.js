// A small fake of the communication frame: it knows who is logged in at the site, and does what
// protocol.md A3 and A5 say. The page hears of it by messages alone.

import { HOST } from './fakewindow.js'

const SCOPE = 'mozid_ni::'

export class FakeFrame {
  user = undefined // who the site says is logged in
  heard = [] // the names of what the site said, without handshake
  params = {} // the last of each

  /** Believes: an address, null for nobody, undefined if it cannot know. */
  constructor(win, believes) {
    this.win = win
    this.believes = believes
    this.peer = win.document.frames[0].contentWindow
  }

  /** Loads, answers, and goes on to answer. */
  load() {
    this.notify('__ready', 'ping')
    return this.run()
  }

  /** Hears what the site has said meanwhile. */
  run() {
    for (let post; (post = this.peer.posts.shift());) {
      if (post.targetOrigin !== HOST) throw new Error('posted to ' + post.targetOrigin)
      this.#take(JSON.parse(post.data))
    }
    return this
  }

  notify(name, params) {
    this.say({ method: SCOPE + name, params })
  }

  say(message) {
    this.win.receive(this.peer, JSON.stringify(message))
  }

  #take({ id, method, params }) {
    const name = method.slice(SCOPE.length)
    if (name === '__ready') return
    this.heard.push(name)
    this.params[name] = params
    if (name === 'loggedInUser') this.user = params
    if (name === 'logout') this.#logout()
    if (name === 'loaded') {
      this.check()
      this.say({ id, result: true })
    }
  }

  #logout() {
    this.believes = null
    if (this.user !== null) this.notify('logout')
    this.user = null
  }

  /** A3, the table. */
  check() {
    const { user, believes } = this
    if (believes === undefined) return
    if (believes === (user ?? null) && user !== undefined) return this.notify('match')
    this.user = believes
    if (believes === null) this.notify('logout')
    else this.notify('login', 'assertion for ' + believes)
  }
}
