// @ts-check
/**
 * Passkeys among the suggestions of the field for an address (conditional UI). The browser shows
 * them without asking anybody; a typed address never leads to one, or it would tell who has one.
 */

import { autofillsPasskeys, usePasskey } from './passkeys.js'

/** How long a ceremony of the host's is good for, less some slack, in milliseconds. */
const LIFE = 4 * 60_000

/**
 * Lets the browser suggest passkeys for as long as the question for an address stands.
 *
 * @param {(answer: import('./screens.js').Answer) => void} answer
 * @returns {() => void} ends it
 */
export function suggestPasskeys(answer) {
  const left = new AbortController()
  suggest(answer, left.signal).catch((error) => {
    if (!left.signal.aborted) console.info('no passkeys in the field:', error.code ?? error)
  })
  return () => left.abort()
}

/**
 * @param {(answer: import('./screens.js').Answer) => void} answer
 * @param {AbortSignal} left
 */
async function suggest(answer, left) {
  if (!document.querySelector('meta[name=navid-fallback]') || !(await autofillsPasskeys())) return
  while (!left.aborted) {
    const old = AbortSignal.timeout(LIFE)
    try {
      const signal = AbortSignal.any([left, old])
      const identities = await usePasskey({ mediation: 'conditional', signal })
      if (!left.aborted && identities.length > 0) answer({ action: 'passkey', identities })
      return
    } catch (error) {
      if (!old.aborted) throw error
    }
  }
}
