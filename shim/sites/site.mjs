// A site that people sign in to with their e-mail address: Node 20, no packages.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const {
  ORIGIN = 'http://shop.localhost:3000', // our own, the audience
  LOGIN_HOST = 'http://login.localhost:8080',
  VERIFIER = 'http://127.0.0.1:8081/verify',
  PORT = 3000,
} = process.env

const isHTTPS = ORIGIN.startsWith('https:')
const cookie = isHTTPS ? '__Host-session' : 'session'
const flags = '; Path=/; HttpOnly; SameSite=Lax' + (isHTTPS ? '; Secure' : '')
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
const page = read('page.html').replaceAll('{login_host}', LOGIN_HOST)
const script = read('sign-in.js')

const sessions = new Map() // the address of each token; where there are several processes, a table

// Returns the address that an assertion proves to this site, or undefined.
async function verify(assertion) {
  const body = new URLSearchParams({ assertion, audience: ORIGIN })
  const response = await fetch(VERIFIER, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(10_000),
  })
  const { status, email } = await response.json()
  return status === 'okay' ? email : undefined
}

async function readForm(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > 10_000) throw new Error('the form is too long')
  }
  return new URLSearchParams(text)
}

const escape = (text) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt()};`)

async function handle(request, answer) {
  const { cookie: cookies = '', origin } = request.headers
  const mine = cookies.split('; ').find((pair) => pair.startsWith(cookie + '='))
  const token = mine?.slice(cookie.length + 1)
  if (request.method === 'POST' && origin !== ORIGIN) {
    return answer(403, 'This came from another site.') // CSRF
  }
  switch (`${request.method} ${request.url.split('?')[0]}`) {
    case 'GET /': {
      const email = sessions.get(token) || ''
      return answer(
        200,
        page.replace('{email}', () => escape(email)),
        'text/html',
      )
    }
    case 'GET /sign-in.js':
      return answer(200, script, 'text/javascript')
    case 'GET /.well-known/navid': {
      const headers = { 'Access-Control-Allow-Origin': '*' }
      return answer(200, '{"returnTo": ["/"]}', 'application/json', headers) // if there was no window
    }
    case 'POST /login': {
      const email = await verify((await readForm(request)).get('assertion') || '')
      if (!email) return answer(403, 'We could not verify your sign-in. Please try again.')
      sessions.delete(token)
      const fresh = randomUUID()
      sessions.set(fresh, email) // the account is this very string
      return answer(204, '', 'text/plain', { 'Set-Cookie': `${cookie}=${fresh}${flags}` })
    }
    case 'POST /logout':
      sessions.delete(token)
      return answer(303, '', 'text/plain', {
        Location: '/',
        'Set-Cookie': `${cookie}=${flags}; Max-Age=0`,
      })
  }
  return answer(404, 'There is nothing here.')
}

createServer((request, response) => {
  const answer = (status, body, type = 'text/plain', headers = {}) => {
    headers['Content-Type'] = type + '; charset=utf-8'
    response.writeHead(status, { ...headers, 'Cache-Control': 'no-store' }).end(body)
  }
  handle(request, answer).catch((error) => {
    console.error(error) // there is no verifier, or it could not say
    answer(503, 'We could not verify your sign-in. Please try again.')
  })
}).listen(PORT, '127.0.0.1')
