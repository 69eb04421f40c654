// @ts-check
/** The code from the mail, however it came into its field. */

/** Longest text looked at: a pasted line of the mail may be long. */
const MAX_LENGTH = 1024

/** Six digits that belong to no longer number, and the same in two halves. */
const WHOLE = /(?<![\d\p{L}])\d{6}(?![\d\p{L}])/gu
const HALVES = /(?<![\p{L}\d]|\d[\s\p{Pd}.])\d{3}[\s\p{Pd}.]\d{3}(?![\p{L}\d]|[\s\p{Pd}.]\d)/gu

/**
 * The code in a text: typed with or without gaps, pasted with the line of the mail around it, in
 * the digits of any script that has its own. Where it might be one of several there is none.
 *
 * @param {string} text
 * @returns {string | undefined} six digits
 */
export function findCode(text) {
  const plain = westernDigits(text.slice(0, MAX_LENGTH))
  const digits = plain.replace(/[\s\p{Pd}\p{Cf}.]/gu, '')
  if (/^\d{6}$/.test(digits)) return digits
  const found = [...plain.matchAll(WHOLE), ...plain.matchAll(HALVES)]
  const codes = new Set(found.map(([code]) => code.replace(/\D/g, '')))
  return codes.size === 1 ? [...codes][0] : undefined
}

/** @param {string} text */
function westernDigits(text) {
  return text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[\u0966-\u096f]/g, (digit) => String(digit.charCodeAt(0) - 0x966))
}
