// The support document: what is in it, and what a change of keys makes of it (C3, G13).
import { parseEncrypted, writeEncrypted } from './format.js'
import { problem } from './problem.js'
import { isSame } from './keys.js'

export const PATH = '/.well-known/browserid'
const MAX_CHARACTERS = 65_536

/** Old certificates live for a day, and others keep a document for an hour. */
export const OVERLAP = 25 * 60 * 60 * 1000

const REMOVE_AFTER = 'old-keys-until'

const isKey = (value) => typeof value === 'object' && value !== null

/** Reads a document: its members as they are, and what these pages want of them. */
export const parseDocument = (text) => {
  if (text.length > MAX_CHARACTERS) throw problem('malformed', 'The support document is too long.')
  let members
  try {
    members = JSON.parse(text)
  } catch {
    throw problem('malformed', `What the server has at ${PATH} is not JSON.`)
  }
  if (!isKey(members) || !isKey(members['public-key'])) {
    throw problem('malformed', `What the server has at ${PATH} is no identity provider's document.`)
  }
  const oldKeys = Array.isArray(members.keys) ? members.keys.filter(isKey) : []
  return {
    members,
    publicKey: members['public-key'],
    oldKeys: oldKeys.filter((key) => !isSame(key, members['public-key'])),
    oldUntil: Number(members[REMOVE_AFTER]) || 0,
    encrypted: parseEncrypted(members['encrypted-private-key']),
  }
}

const withMembers = ({ members }, changed) => {
  const next = { ...members, ...changed }
  for (const name of Object.keys(next)) if (next[name] === undefined) delete next[name]
  return parseDocument(JSON.stringify(next)) // what is handed out has been read as others will
}

/** The document with the same key, and something about it changed: its slots, or its rights. */
export const withEncrypted = (document, changed) =>
  withMembers(document, {
    'encrypted-private-key': writeEncrypted({ ...document.encrypted, ...changed }),
  })

/** The document with a new key, the present one still published for those who hold certificates by it. */
export const withKey = (document, publicKey, encrypted, now = Date.now()) =>
  withMembers(document, {
    'public-key': publicKey,
    keys: [document.publicKey, ...document.oldKeys].slice(0, 9),
    [REMOVE_AFTER]: now + OVERLAP,
    'encrypted-private-key': writeEncrypted(encrypted),
  })

/** The document without keys that no longer sign. */
export const withoutOldKeys = (document) =>
  withMembers(document, { keys: undefined, [REMOVE_AFTER]: undefined })

export const write = ({ members }) => JSON.stringify(members, null, 2) + '\n'

/** Gets the document that the server has now. */
export const fetchDocument = async () => {
  const response = await fetch(PATH, {
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
  }).catch(() => null)
  if (!response?.ok) {
    const status = response ? ` answers ${response.status}` : ' cannot be reached, or redirects'
    throw problem('missing', `The support document is not there: ${PATH}${status}.`)
  }
  return parseDocument(await response.text())
}
