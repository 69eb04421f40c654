// A shop that people sign in to with their e-mail address: what it has beside login.mjs.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

import { ORIGIN, login, logout } from './login.mjs'

const { LOGIN_HOST = 'http://login.localhost:8080', PORT = 3000 } = process.env

const isHTTPS = ORIGIN.startsWith('https:')
const cookie = isHTTPS ? '__Host-session' : 'session'
const flags = '; Path=/; HttpOnly; SameSite=Lax' + (isHTTPS ? '; Secure' : '')
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const page = read('page.html').replaceAll('{login_host}', LOGIN_HOST)
const script = read('sign-in.js')

const emails = new Map() // the address of each session's token; where there are several processes, a table

// The session that a request belongs to, if any.
class Session {
  constructor(request, response) {
    const cookies = (request.headers.cookie ?? '').split('; ')
    const mine = cookies.find((pair) => pair.startsWith(cookie + '='))
    this.token = mine?.slice(cookie.length + 1)
    this.response = response
  }

  get email() {
    return emails.get(this.token) ?? ''
  }

  begin(email) {
    this.end()
    this.token = randomUUID()
    emails.set(this.token, email)
    this.response.setHeader('Set-Cookie', `${cookie}=${this.token}${flags}`)
  }

  end() {
    emails.delete(this.token)
    this.response.setHeader('Set-Cookie', `${cookie}=${flags}; Max-Age=0`)
  }
}

async function readForm(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > 10_000) throw new Error('the form is too long')
  }
  return Object.fromEntries(new URLSearchParams(text))
}

const escape = (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt()};`)

async function handle(request, response) {
  const answer = (status, body, type = 'text/plain') =>
    response.writeHead(status, { 'Content-Type': type + '; charset=utf-8' }).end(body)

  response.setHeader('Cache-Control', 'no-store')
  request.session = new Session(request, response)
  switch (`${request.method} ${request.url.split('?')[0]}`) {
    case 'GET /': {
      const email = escape(request.session.email)
      const html = page.replace('{email}', () => email)
      return answer(200, html, 'text/html')
    }
    case 'GET /sign-in.js':
      return answer(200, script, 'text/javascript')
    case 'GET /.well-known/navid': // where people may come back to, if there was no window
      response.setHeader('Access-Control-Allow-Origin', '*')
      return answer(200, '{"returnTo": ["/"]}', 'application/json')
    case 'POST /login':
      request.body = await readForm(request)
      return login(request, response)
    case 'POST /logout':
      return logout(request, response)
  }
  return answer(404, 'There is nothing here.')
}

createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error(error)
    response.writeHead(400, { 'Content-Type': 'text/plain' }).end('We could not read that.')
  })
}).listen(PORT, '127.0.0.1', () => console.log('Open ' + ORIGIN))
