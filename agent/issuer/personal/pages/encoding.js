// Bytes, and what they are written as.

export const utf8 = (text) => new TextEncoder().encode(text)

export const random = (length) => crypto.getRandomValues(new Uint8Array(length))

export const toBase64url = (bytes) =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** The bytes of a text without padding, or null if it is none, or not the only way to write them. */
export const fromBase64url = (text) => {
  if (typeof text !== 'string' || !/^[\w-]*$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return toBase64url(bytes) === text ? bytes : null
}
