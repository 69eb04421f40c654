// @ts-check
/**
 * The account page: what the host knows of the person who is signed in to it, and how to be rid of
 * it. A loop of screens, as the dialog is: what is shown is always what the host has just said.
 */

import { accountViews } from './accountview.js'
import { ask } from './api.js'
import { createGuard } from './guard.js'
import { knownAddresses } from './identities.js'
import { laterViews } from './laterviews.js'
import { runningAgent } from './loader.js'
import { deviceName, makePasskey } from './passkeys.js'
import { proveAddress } from './proof.js'
import { createScreens } from './screens.js'
import { loadTexts } from './text.js'

/** @typedef {import('./accountview.js').Account} Account */
/** @typedef {import('./screens.js').Answer} Answer */

const texts = await loadTexts(document.documentElement.lang)
const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const guard = createGuard(window, (isArmed) => main.toggleAttribute('data-armed', isArmed))
Object.assign(laterViews, accountViews)
const screens = createScreens({ document, texts, onDrawn: guard.restart, onAbandon })
await screens.complete()
document.title = `${texts.plain('account.title')} – ${location.host}`
await begin()

/** The person waits no longer for what they have asked for. */
function onAbandon() {
  location.reload()
}

async function begin() {
  /** @type {string | undefined} */
  let notice
  for (;;) {
    const account = await loadAccount()
    document.body.classList.toggle('signed-in', account !== undefined)
    if (account) notice = await offer(account, notice)
    else if (!(await proveAddress(screens))) return location.assign('/')
  }
}

/** @returns {Promise<Account | undefined>} undefined: nobody is signed in */
async function loadAccount() {
  for (;;) {
    try {
      return await ask('account')
    } catch (error) {
      const { code } = /** @type {import('./api.js').Refusal} */ (error)
      if (code === 'not_proven' || code === 'proof_too_old') return undefined
      await screens.ask({ screen: 'error', code })
    }
  }
}

/**
 * Shows the account, and does what the person wants.
 *
 * @param {Account} account
 * @param {string} [notice]
 * @returns {Promise<string | undefined>} what to say of it
 */
async function offer(account, notice) {
  const answer = await screens.ask({ screen: 'account', account, notice })
  const does = DOES[answer.action]
  try {
    return await does?.(answer, account)
  } catch (error) {
    const { code } = /** @type {import('./api.js').Refusal} */ (error)
    return texts.has(`notice.${code}`) ? code : 'failed'
  }
}

/**
 * What each answer leads to. Whatever cannot be taken back is asked about once more.
 *
 * @type {Record<string, (answer: Answer, account: Account) => Promise<string | undefined>>}
 */
const DOES = {
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
 * @param {string} reason
 * @param {{ email?: string, name?: string }} about
 */
async function isSure(reason, about) {
  const { action } = await screens.ask({ screen: 'sure', reason, ...about })
  return action === 'next'
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
