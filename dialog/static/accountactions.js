// @ts-check
/** What can be done on the account page. Each says what to tell the person of it, or nothing. */

import { ask } from './api.js'
import { knownAddresses } from './identities.js'
import { runningAgent } from './loader.js'
import { deviceName, makePasskey } from './passkeys.js'
import { proveAddress } from './proof.js'

/** @typedef {import('./accountview.js').Account} Account */
/** @typedef {import('./screens.js').Answer} Answer */
/** @typedef {ReturnType<typeof import('./screens.js').createScreens>} Screens */

/**
 * What each answer leads to.
 *
 * @param {Screens} screens
 * @returns {Record<string, (answer: Answer, account: Account) => Promise<string | undefined>>}
 */
export function createActions(screens) {
  const isSure = sure(screens)
  return {
    async add({ email }) {
      return (await proveAddress(screens, { email, canGoBack: true })) ? 'added' : undefined
    },
    async remove({ email = '' }, { addresses }) {
      const isLast = addresses.filter(({ provable }) => !provable).length === 1
      if (!(await isSure(isLast ? 'remove_last' : 'remove', { email }))) return undefined
      await ask('account/remove', { email, confirm: isLast })
      await forgetHere([email])
      return 'removed'
    },
    async enrol() {
      await makePasskey(deviceName())
      return 'passkey_added'
    },
    async rename({ id, name = '' }) {
      const { action, name: wanted } = await screens.ask({ screen: 'rename', name })
      if (action !== 'next') return undefined
      await ask('passkey/rename', { id, name: wanted })
      return undefined
    },
    async unenrol({ id, name = '' }) {
      if (!(await isSure('unenrol', { name }))) return undefined
      await ask('passkey/remove', { id })
      return 'passkey_removed'
    },
    async end({ id }) {
      await ask('session/end', { id })
      return 'ended'
    },
    sign_out: (_, account) => signOut(account, false),
    async sign_out_everywhere(_, account) {
      return (await isSure('sign_out_everywhere', {})) ? signOut(account, true) : undefined
    },
    async export() {
      const known = await ask('account/export')
      delete known.now
      save(`${location.hostname}.json`, JSON.stringify(known, null, 2))
      return 'exported'
    },
    async delete(_, { addresses }) {
      if (!(await isSure('delete', {}))) return undefined
      await ask('account/delete', { confirm: true })
      await forgetHere(addresses.map(({ email }) => email))
      return undefined
    },
  }
}

/**
 * @param {Account} account
 * @param {boolean} everywhere
 */
async function signOut({ addresses }, everywhere) {
  await ask('sign_out', { everywhere })
  await forgetHere(addresses.map(({ email }) => email))
  return undefined
}

/**
 * Asks once more, before what cannot be taken back.
 *
 * @param {Screens} screens
 */
function sure(screens) {
  return async (/** @type {string} */ reason, about = {}) => {
    const { action } = await screens.ask({ screen: 'sure', reason, ...about })
    return action === 'next'
  }
}

/**
 * Forgets addresses in this browser too, or the certificates that it has would serve for up to an
 * hour yet. Only the agent knows how, and only where there is something to forget is it loaded.
 *
 * @param {string[]} emails
 */
async function forgetHere(emails) {
  try {
    const known = knownAddresses(localStorage, '')
    const gone = emails.filter((email) => known.includes(email))
    if (gone.length === 0) return
    const { agent } = await runningAgent()
    for (const email of gone) await agent.remove(email)
  } catch (error) {
    console.error(error) // the host has done what was asked
  }
}

/**
 * Has the browser save a file.
 *
 * @param {string} name
 * @param {string} text
 */
function save(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  Object.assign(link, { href, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(href), 10_000)
}
