// Passphrases. agent/issuer/personal/passphrase.go makes and reads the same.
import { random } from './encoding.js'

const CONSONANTS = 'bdfghjklmnprstvz'
const VOWELS = 'aiou'
const WORDS = 5

export const MIN_CHARACTERS = 16
const MIN_DIFFERENT = 6

// Two random bytes as consonant, vowel, consonant, vowel, consonant: 4 + 2 + 4 + 2 + 4 bits.
const word = (bytes) => {
  const bits = (bytes[0] << 8) | bytes[1]
  return (
    CONSONANTS[bits >> 12] +
    VOWELS[(bits >> 10) & 3] +
    CONSONANTS[(bits >> 6) & 15] +
    VOWELS[(bits >> 4) & 3] +
    CONSONANTS[bits & 15]
  )
}

/** A random passphrase of made-up words, 16 bits each. */
export const suggest = () => Array.from({ length: WORDS }, () => word(random(2))).join('-')

/** The one way to write what keyboards and copying write in several. */
export const normalized = (passphrase) =>
  passphrase
    .normalize('NFKC')
    .split(/[ \t\r\n]+/)
    .filter(Boolean)
    .join(' ')

/** What is wrong with a new passphrase, as a sentence, or ''. */
export const weakness = (passphrase) => {
  const characters = [...normalized(passphrase)]
  if (characters.length < MIN_CHARACTERS) {
    return `That is too short: ${MIN_CHARACTERS} characters are the least, and the suggested one is better.`
  }
  if (new Set(characters).size < MIN_DIFFERENT) return 'That repeats itself too much.'
  return ''
}
