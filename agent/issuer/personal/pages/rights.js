// Rights: which addresses the key may speak for. They lie encrypted beside it, so that the
// document does not list them.
import { problem } from './problem.js'

const MAX_ENTRIES = 100

const isList = (value) =>
  Array.isArray(value) &&
  value.length <= MAX_ENTRIES &&
  value.every((entry) => typeof entry === 'string' && entry.length <= 254)

export const parseRights = (text) => {
  const { domain, addresses = [], patterns = [] } = JSON.parse(text)
  if (typeof domain !== 'string' || !isList(addresses) || !isList(patterns)) {
    throw problem('malformed', 'The list of addresses in the support document is damaged.')
  }
  return { domain, addresses, patterns }
}

const split = (email) => {
  const at = email.lastIndexOf('@')
  return at < 0 ? ['', ''] : [email.slice(0, at), email.slice(at + 1).toLowerCase()]
}

// One star stands for any characters, also none.
const fits = (local, pattern) => {
  const [before, after, ...more] = split(pattern)[0].split('*')
  if (after === undefined || more.length > 0) return false
  const { length } = before
  return local.length >= length + after.length && local.startsWith(before) && local.endsWith(after)
}

const ADDRESS = /^[!#$%&'*+\-/=?^_`{|}~.a-zA-Z0-9]{1,64}@[a-zA-Z0-9.-]+$/

/** Whether an address is one of ours. The local part counts as it is written (B6.2). */
export const covers = ({ domain, addresses, patterns }, email) => {
  if (typeof email !== 'string' || !ADDRESS.test(email)) return false
  const [local, host] = split(email)
  if (host !== domain) return false
  return (
    addresses.some((address) => split(address)[0] === local) ||
    patterns.some((pattern) => fits(local, pattern))
  )
}

const isOf = (domain, entry) => ADDRESS.test(entry) && split(entry)[1] === domain
const stars = (entry) => split(entry)[0].split('*').length - 1

/** Rights as their owner edits them: an address or a pattern on each line. */
export const writeLines = ({ addresses, patterns }) => [...addresses, ...patterns].join('\n')

/** Reads what the owner has made of them. */
export const readLines = (domain, text) => {
  const entries = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const wrong = entries.find((entry) => !isOf(domain, entry) || stars(entry) > 1)
  if (wrong) {
    throw problem(
      'entry',
      `“${wrong}” is neither an address of ${domain} nor one with a single star.`,
    )
  }
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw problem('entries', `Name between one and ${MAX_ENTRIES} addresses.`)
  }
  return {
    domain,
    addresses: entries.filter((entry) => stars(entry) === 0),
    patterns: entries.filter((entry) => stars(entry) === 1),
  }
}
