// The provisioning page (C1): the key is certified here, in the browser, if it is unlocked.
import { certify } from './certificate.js'
import { covers } from './rights.js'
import { currentSession } from './session.js'

const LOCKED = 'user is not authenticated as target user'

const sessionFor = async (email) => {
  const session = await currentSession()
  return session && session.rights.domain === location.hostname && covers(session.rights, email)
    ? session
    : null
}

const fail = (error) => navigator.id.raiseProvisioningFailure(error.message)

navigator.id.beginProvisioning(async (email, seconds) => {
  try {
    const session = await sessionFor(email)
    if (!session) return navigator.id.raiseProvisioningFailure(LOCKED)
    navigator.id.genKeyPair((publicKey) => {
      certify(session, { email, publicKey, seconds }).then(navigator.id.registerCertificate, fail)
    })
  } catch (error) {
    fail(error)
  }
})
