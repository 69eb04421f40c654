// The page that locks the key again (G6).
import { attempt, byId, isAlone, show } from './page.js'
import { currentSession, endSession } from './session.js'

const tell = async () => {
  const session = await currentSession().catch(() => null)
  show('lock', session !== null)
  show('locked', session === null)
}

if (isAlone()) {
  tell()
  byId('lock').addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(byId('lock'), async () => {
      await endSession()
      await tell()
    })
  })
}
