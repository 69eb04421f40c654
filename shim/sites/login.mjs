// Sign people in with Navid: Node 20, no packages.
export const {
  ORIGIN = 'http://shop.localhost:3000', // our own, the audience
  VERIFIER = 'http://127.0.0.1:8081/verify',
} = process.env

// Resolves with the address that an assertion proves to this site, or with null.
async function verify(assertion) {
  try {
    const body = new URLSearchParams({ assertion, audience: ORIGIN })
    const signal = AbortSignal.timeout(10_000)
    const response = await fetch(VERIFIER, { method: 'POST', body, signal })
    const { status, email } = await response.json()
    return status === 'okay' ? email : null
  } catch {
    return null // there is no verifier, or it could not say
  }
}

const refuse = (response, why) =>
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end(why)

// Answers POST /login, with the posted form as its body.
export async function login({ headers, body, session }, response) {
  if (headers.origin !== ORIGIN) return refuse(response, 'This came from another site.') // CSRF
  const email = await verify(body.assertion)
  if (!email) return refuse(response, 'We could not verify your sign-in. Please try again.')
  session.begin(email) // with a token that nobody knew before; the account is this very string
  response.writeHead(204).end()
}

// Answers POST /logout.
export function logout({ headers, session }, response) {
  if (headers.origin !== ORIGIN) return refuse(response, 'This came from another site.') // CSRF
  session.end()
  response.writeHead(303, { Location: '/' }).end()
}
