// The authentication page (C2): whoever knows the passphrase is the owner.
import { byId, isAlone, show } from './page.js'
import { covers } from './rights.js'
import { checkRight } from './seal.js'
import { currentSession, startSession } from './session.js'
import { showUnlock } from './unlock.js'

const isUnlockedFor = async (email) => {
  const session = await currentSession().catch(() => null)
  return email !== null && session !== null && covers(session.rights, email)
}

const goOn = (email, { until }) => {
  if (email !== null) return navigator.id.completeAuthentication()
  byId('until').textContent = new Date(until).toLocaleTimeString([], { timeStyle: 'short' })
  show('unlock', false)
  show('unlocked')
}

if (isAlone()) {
  navigator.id.beginAuthentication(async (email) => {
    if (await isUnlockedFor(email)) return navigator.id.completeAuthentication() // C2.6
    byId('email').value = email ?? ''
    show('address', email !== null)
    show('cancel', email !== null)
    byId('cancel').addEventListener('click', () => navigator.id.cancelAuthentication())
    showUnlock(async ({ opened }) => {
      checkRight(opened, email, location.hostname)
      goOn(email, await startSession(opened))
    })
  })
}
