// @ts-check
/**
 * Texts for people: one table per language. A text is a whole sentence with named placeholders,
 * so that a translator can order it as the language wants.
 */

/** @typedef {Record<string, string | Node>} Params */
/** @typedef {{ text: string } | { value: string | Node }} Piece */

/**
 * Loads the texts of a language, or English where there is none.
 *
 * @param {string} language as in `<html lang>`
 */
export async function loadTexts(language) {
  const texts = await loadFirstTexts(language)
  await texts.complete()
  return texts
}

/**
 * Loads what the first screens need.
 *
 * @param {string} language
 */
export async function loadFirstTexts(language) {
  const found = await import(`./strings/${language}.js`).catch(() => undefined)
  const name = found ? language : 'en'
  const { default: first } = found ?? (await import('./strings/en.js'))
  const load = async () => (await import(`./strings/later/${name}.js`)).default
  return createTexts({ ...first }, load, name)
}

/**
 * @param {Record<string, string>} table
 * @param {() => Promise<Record<string, string>>} [load] loads what else there is
 */
export function createTexts(table, load = async () => ({}), language = 'en') {
  return {
    language,
    /** Loads the rest. */
    complete: async () => Object.assign(table, await load()),
    /** Whether there is a text of that key. */
    has: (/** @type {string} */ key) => Object.hasOwn(table, key),
    /**
     * A text in pieces, so that values can be put into elements of their own.
     *
     * @param {string} key
     * @param {Params} [params]
     * @returns {Piece[]}
     */
    pieces(key, params = {}) {
      return table[key]
        .split(/(\{[a-z]+\})/i)
        .filter(Boolean)
        .map((piece) => {
          const name = /^\{(.+)\}$/.exec(piece)?.[1]
          return name ? { value: params[name] ?? '' } : { text: piece }
        })
    },
    /**
     * A text in one string, for attributes. Each value is isolated (U+2068, U+2069), since it may
     * run in the other direction than the sentence.
     *
     * @param {string} key
     * @param {Params} [params]
     */
    plain(key, params) {
      return this.pieces(key, params)
        .map((piece) => ('text' in piece ? piece.text : `\u2068${piece.value}\u2069`))
        .join('')
    },
  }
}

/** @typedef {ReturnType<typeof createTexts>} Texts */
