// The next document, to be copied or downloaded, and the look whether the server has it.
import { PATH, write } from './document.js'
import { attempt, byId, show } from './page.js'
import { problem } from './problem.js'

const NOTES = ['new-key', 'new-passphrase', 'passkey', 'addresses', 'finished']

const offer = (text) => {
  const link = byId('download')
  URL.revokeObjectURL(link.href)
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  byId('document').value = text
}

const check = async (text) => {
  const response = await fetch(PATH, { cache: 'no-store', credentials: 'omit', redirect: 'error' })
  if ((await response.text()).trim() !== text.trim()) {
    throw problem('old', 'The server still has another document.')
  }
  const type = response.headers.get('Content-Type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw problem(
      'type',
      `It is there, but as ${type || 'no type'}, where application/json is wanted.`,
    )
  }
  byId('checked').textContent = 'It is there.'
}

/** Shows the next document and the note that belongs to the change. */
export const showResult = (document, note) => {
  const text = write(document)
  offer(text)
  NOTES.forEach((name) => show('note-' + name, name === note))
  byId('checked').textContent = ''
  byId('check').onsubmit = (event) => {
    event.preventDefault()
    byId('checked').textContent = ''
    attempt(byId('check'), () => check(text))
  }
  show('result')
  byId('result').scrollIntoView()
  byId('result-title').focus()
}
