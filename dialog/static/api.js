// @ts-check
/** Asks the login host as the fallback provider, over its same-origin HTTP interface. */

import { hearTime } from './hosttime.js'

/** How long an answer may take, in milliseconds: every wait has a bound. */
const PATIENCE = 20_000

/** Where the page of a link tells the dialogs of this browser that it was used. */
export const LINK_CHANNEL = 'navid.link'

/** @typedef {Error & { code: string, retryAfter?: number, left?: number }} Refusal seconds, tries */

/**
 * Asks the host a question.
 *
 * @param {string} name of the question, below /api/
 * @param {object} [question]
 * @param {number} [patience] how long the answer may take, in milliseconds
 * @returns {Promise<any>} the answer
 * @throws {Refusal} with the host's code, or host_unreachable, or host_busy
 */
export async function ask(name, question = {}, patience = PATIENCE) {
  const response = await fetch(`/api/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(question),
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(patience),
  }).catch((cause) => Promise.reject(refusal('host_unreachable', { cause })))
  const answer = await response.json().catch(() => undefined)
  hearTime(answer?.now)
  if (response.ok && answer) return answer
  const code = answer?.code ?? (response.status === 429 ? 'host_busy' : 'host_unreachable')
  throw refusal(code, answer)
}

/**
 * @param {string} code
 * @param {{ message?: string, retryAfter?: number, left?: number, cause?: unknown }} [more]
 * @returns {Refusal}
 */
export function refusal(code, { message = code, retryAfter, left, cause } = {}) {
  return Object.assign(new Error(message, { cause }), { code, retryAfter, left })
}
