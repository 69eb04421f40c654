// @ts-check
/** Signs without asking anybody: the agent is loaded only now (design 6). */

import { runningAgent } from './loader.js'

/**
 * @param {import('./loader.js').SilentRequest} request
 * @param {CryptoKeyPair} key
 * @returns {Promise<string>} the assertion
 */
export async function sign(request, key) {
  const { agent, crashed } = await runningAgent()
  return await Promise.race([agent.assert(request, key), crashed])
}
