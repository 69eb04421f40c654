// The verifier that the world used, browserid-local-verify, behind JSON lines: a request a line on
// stdin, a reply a line on stdout, in the same order. It ends when stdin does.
//
//   {op: 'verify', bundle, audience, now, documents, fallback, trustedIssuers}
//     -> {accepted: true, result, micros} | {accepted: false, reason, micros}
//   {op: 'sign', issuer, user, userKey, certificate, assertion} -> {bundle}
//
// Times are in milliseconds; micros is what the process has used of the processor. documents is {domain: {status, body}}: what each domain answers when it
// is asked for its support document; a domain that is not named answers 404.
import { createInterface } from 'node:readline'
import jwcrypto from 'browserid-crypto'
import 'browserid-crypto/lib/algs/ds.js'
import 'browserid-crypto/lib/algs/rs.js'
import localVerify from 'browserid-local-verify'

/** Ends the verification under way: the library throws some errors where nobody can catch them. */
let abort = null

process.on('uncaughtException', (error) => {
  if (!abort) throw error
  abort(new Error(`thrown at the process: ${error.message}`))
})

/** Settles like a callback of Node's kind. */
function settled(start) {
  return new Promise((resolve, reject) => {
    abort = reject
    start((error, value) => (error ? reject(error) : resolve(value)))
  })
}

/** The library's httpRequest option, which answers from a table. */
function serve(documents) {
  return (domain, path, reply) => {
    const { status, body } = Object.hasOwn(documents, domain)
      ? documents[domain]
      : { status: 404, body: '' }
    reply(null, status, { 'content-type': 'application/json' }, body)
  }
}

async function verify({ bundle, audience, now, documents, fallback, trustedIssuers }) {
  const start = process.cpuUsage()
  const micros = () => {
    const { user, system } = process.cpuUsage(start)
    return user + system
  }
  try {
    const result = await settled((done) =>
      localVerify.verify(
        {
          assertion: bundle,
          audience,
          now: new Date(now),
          httpRequest: serve(documents),
          fallback,
          trustedIssuers,
        },
        done,
      ),
    )
    const expires = result.expires && result.expires.getTime()
    return { accepted: true, result: { ...result, expires }, micros: micros() }
  } catch (error) {
    return { accepted: false, reason: String(error.message ?? error), micros: micros() }
  }
}

async function sign({ issuer, user, userKey, certificate, assertion }) {
  const publicKey = jwcrypto.loadPublicKeyFromObject(userKey)
  const { email, extra, ...issued } = certificate
  const signed = await settled((done) =>
    jwcrypto.cert.sign(
      { publicKey, principal: { email } },
      issued,
      extra,
      jwcrypto.loadSecretKeyFromObject(issuer),
      done,
    ),
  )
  const asserted = await settled((done) =>
    jwcrypto.assertion.sign({}, assertion, jwcrypto.loadSecretKeyFromObject(user), done),
  )
  return { bundle: jwcrypto.cert.bundle([signed], asserted) }
}

const operations = { verify, sign }

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  const reply = await operations[request.op](request)
  await new Promise(setImmediate) // what the library has still to throw belongs to this request
  abort = null
  process.stdout.write(JSON.stringify(reply) + '\n')
}
