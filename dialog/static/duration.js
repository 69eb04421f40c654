// @ts-check
/** Waits in the words of a language. */

const UNITS = /** @type {const} */ ([
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
])

/**
 * When something may be done again, as in "in 12 minutes".
 *
 * @param {number} wait in milliseconds
 * @param {string} language
 */
export function inWords(wait, language) {
  const left = Math.max(wait, 1000)
  const [unit, size] = UNITS.find(([, size]) => left >= 2 * size) ?? UNITS[2]
  return new Intl.RelativeTimeFormat(language).format(Math.ceil(left / size - 0.1), unit)
}

/**
 * A countdown, as in 0:24.
 *
 * @param {number} wait in milliseconds
 */
export function countdown(wait) {
  const seconds = Math.max(0, Math.ceil(wait / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/**
 * How long ago something was, as in "3 days ago".
 *
 * @param {number} age in milliseconds
 * @param {string} language
 */
export function ago(age, language) {
  const days = /** @type {const} */ (['day', 86_400_000])
  const [unit, size] = [days, ...UNITS].find(([, size]) => age >= size) ?? UNITS[2]
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  return unit === 'second'
    ? format.format(0, 'second')
    : format.format(-Math.floor(age / size), unit)
}
