// @ts-check
/**
 * The account page: what the host knows of the person who is signed in to it, and how to be rid of
 * it. A loop of screens, as the dialog is: what is shown is always what the host has just said.
 */

import { createActions } from './accountactions.js'
import { accountViews } from './accountview.js'
import { ask } from './api.js'
import { createGuard } from './guard.js'
import { laterViews } from './laterviews.js'
import { proveAddress } from './proof.js'
import { createScreens } from './screens.js'
import { loadTexts } from './text.js'

/** @typedef {import('./accountview.js').Account} Account */

const texts = await loadTexts(document.documentElement.lang)
const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const guard = createGuard(window, (isArmed) => main.toggleAttribute('data-armed', isArmed))
Object.assign(laterViews, accountViews)
const screens = createScreens({ document, texts, onDrawn: guard.restart, onAbandon })
const actions = createActions(screens)
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
      const { addresses } = await ask('session') // no error of the page where there is none
      return addresses.length > 0 ? await ask('account') : undefined
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
  try {
    return await actions[answer.action]?.(answer, account)
  } catch (error) {
    const { code } = /** @type {import('./api.js').Refusal} */ (error)
    return texts.has(`notice.${code}`) ? code : 'failed'
  }
}
