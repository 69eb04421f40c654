// @ts-check
/**
 * The screen for the code from the mail. What was typed outlives an answer: a code that was wrong
 * stands there to be compared with the mail. Meanwhile the host is asked whether the link has been
 * used in this browser, and whether the mail could be sent.
 */

import { LINK_CHANNEL, ask } from './api.js'
import { element, phrase } from './dom.js'
import { countdown, inWords } from './duration.js'
import { hostNow } from './hosttime.js'
import { findCode } from './onetimecode.js'
import { knowsPasskeys, usePasskey } from './passkeys.js'
import { actions, button, cancelButton, heading, paragraph } from './views.js'

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Context} Context */

/** How often the host is asked, in milliseconds: the dialog is to go on within two seconds. */
const POLL = 1200

/** What was typed for a challenge, and whether that was tried without a press of the button. */
let draft = { challenge: '', value: '', isTried: false, isResent: false }

/** @type {(screen: Screen, context: Context) => import('./views.js').View} */
export function codeView(screen, context) {
  const { email = '', challenge = '', words = '', canGoBack } = screen
  const { texts, named } = context
  if (draft.challenge !== challenge)
    draft = { challenge, value: '', isTried: false, isResent: false }
  const sheet = document.createElement('form') // knows by being there whether the screen still stands
  const answer = once(context.answer)
  const problem = element('p', { id: 'code-problem', class: 'problem', role: 'alert' })
  const input = codeField()
  const complain = (/** @type {Problem} */ what) => show(problem, input, texts, what)

  const submit = () => {
    draft.value = input.value
    const code = findCode(input.value)
    if (!code) return complain({ code: 'missing' }) // the two words, perhaps
    draft.isTried = true
    answer({ action: 'next', code })
  }
  input.addEventListener('input', (event) => {
    draft.value = input.value
    const isWhole = !(/** @type {InputEvent} */ (event).inputType?.startsWith('insertText'))
    if (findCode(input.value) && (isWhole || !draft.isTried)) submit()
  })
  sheet.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })

  const resend = resendButton(screen, context, () => {
    draft.isResent = true
    draft.isTried = false // the new code goes off by itself again
    answer({ action: 'resend' })
  })
  sheet.noValidate = true
  sheet.append(
    heading(texts, 'code.title'),
    paragraph(texts, 'code.text', {
      email: named(email),
      words: element('strong', { id: 'words' }, words),
    }),
    element('label', { for: 'code' }, ...phrase(texts, 'code.label')),
    element(
      'div',
      { class: 'entry' },
      input,
      element('button', { id: 'next', class: 'primary' }, ...phrase(texts, 'action.next')),
    ),
    problem,
    actions(
      resend.button,
      knowsPasskeys() && button('use-passkey', texts, 'code.passkey', () => tryPasskey()),
      canGoBack && button('back', texts, 'code.back', () => answer({ action: 'back' })),
      cancelButton(texts, answer),
    ),
  )

  async function tryPasskey() {
    try {
      await usePasskey({ elsewhere: screen.notMyDevice })
      answer({ action: 'passkey' })
    } catch (error) {
      complain(/** @type {import('./api.js').Refusal} */ (error))
    }
  }

  later(sheet, resend.tick, 250)
  later(sheet, () => expire(screen, complain), 1000)
  awaitLink(sheet, challenge, {
    confirmed: () => answer({ action: 'confirmed' }),
    complain,
    calm: () => problem.replaceChildren(),
  })
  if (screen.code) complain({ ...screen, code: screen.code })
  else if (draft.isResent) setTimeout(() => announce(texts, 'code.resent'))
  draft.isResent = false
  return { nodes: [sheet], focus: input }
}

function codeField() {
  const input = /** @type {HTMLInputElement} */ (
    element('input', {
      id: 'code',
      name: 'code',
      dir: 'ltr',
      value: draft.value,
      autocomplete: 'one-time-code',
      inputmode: 'numeric',
      autocapitalize: 'none',
      autocorrect: 'off',
      spellcheck: 'false',
      enterkeyhint: 'go',
      maxlength: '1024',
      'aria-describedby': 'code-problem',
    })
  )
  input.addEventListener('focus', () => input.select(), { once: true })
  return input
}

/**
 * @typedef {object} Problem
 * @property {string} code
 * @property {number} [left] tries
 * @property {number} [retryAt] in the host's milliseconds
 * @property {string} [reason] why a mail failed
 */

/**
 * @param {HTMLElement} problem
 * @param {HTMLInputElement} input
 * @param {import('./text.js').Texts} texts
 * @param {Problem} what
 */
function show(problem, input, texts, { code, left, retryAt, reason = '' }) {
  const key = `code.problem.${code}${variant(code, left, retryAt)}`
  const wait = inWords((retryAt ?? 0) - hostNow(), texts.language)
  const params = { left: String(left), wait, reason }
  // After the field, or those who listen would not hear it.
  setTimeout(() => {
    problem.replaceChildren(
      ...phrase(texts, texts.has(key) ? key : 'code.problem.internal', params),
    )
  })
  input.setAttribute('aria-invalid', String(code === 'wrong_code' || code === 'missing'))
  if (input.isConnected) input.focus()
}

/**
 * @param {string} code
 * @param {number} [left]
 * @param {number} [retryAt]
 */
function variant(code, left, retryAt) {
  if (code === 'wrong_code' && !left) return '.none'
  if (code === 'wrong_code' && left === 1) return '.one'
  if (code === 'too_many' && !retryAt) return '.mails'
  return ''
}

/** @type {(texts: import('./text.js').Texts, key: string) => void} */
function announce(texts, key) {
  document.querySelector('#status')?.replaceChildren(...phrase(texts, key))
}

/**
 * The button for another mail, which says when it will work.
 *
 * @param {Screen} screen
 * @param {Context} context
 * @param {() => void} click
 */
function resendButton({ resendAt = 0 }, { texts }, click) {
  const time = element('span', { class: 'countdown' })
  const node = /** @type {HTMLButtonElement} */ (button('resend', texts, 'code.resend', click))
  node.append(time)
  function tick() {
    const wait = resendAt - hostNow()
    node.disabled = wait > 0
    time.textContent = wait > 0 ? ` (${countdown(wait)})` : ''
  }
  tick()
  return { button: node, tick }
}

/**
 * Says that the code has run out, once.
 *
 * @param {Screen} screen
 * @param {(what: Problem) => void} complain
 */
function expire(screen, complain) {
  if (!screen.expires || hostNow() < screen.expires) return
  screen.expires = 0
  complain({ code: 'code_expired' })
}

/**
 * Asks the host until the link was used, or the screen is over.
 *
 * @param {HTMLElement} sheet
 * @param {string} challenge
 * @param {object} on
 * @param {() => void} on.confirmed
 * @param {(what: Problem) => void} on.complain
 * @param {() => void} on.calm a mail that could not be sent is on its way after all, or tried again
 */
function awaitLink(sheet, challenge, { confirmed, complain, calm }) {
  let isAsking = false
  let isOver = false
  let last = ''
  let isTroubled = false
  const channel = new BroadcastChannel(LINK_CHANNEL)
  channel.addEventListener('message', poll)
  document.addEventListener('visibilitychange', poll)
  later(sheet, poll, POLL, () => {
    channel.close()
    document.removeEventListener('visibilitychange', poll)
  })

  async function poll() {
    if (isAsking || isOver || !sheet.isConnected) return
    isAsking = true
    const { state, reason = '' } = await ask('challenge/await', { challenge }).catch(
      ({ code }) => ({
        state: code === 'challenge_unknown' ? 'expired' : '', // the rest may pass
      }),
    )
    isAsking = false
    const news = `${state} ${reason}`
    if (!sheet.isConnected || !state || news === last) return
    if (isTroubled) calm()
    last = news
    isTroubled = Boolean(reason)
    isOver = state === 'confirmed' || state === 'expired'
    if (state === 'confirmed') confirmed()
    if (state === 'expired') complain({ code: 'code_expired' })
    if (reason) complain({ code: state === 'waiting' ? 'mail_waits' : 'mail_failed', reason })
  }
}

/**
 * Does something again and again for as long as a screen stands.
 *
 * @param {HTMLElement} sheet
 * @param {() => void} run
 * @param {number} pause in milliseconds
 * @param {() => void} [end] told when it no longer does
 */
function later(sheet, run, pause, end = () => {}) {
  const timer = setInterval(() => {
    if (sheet.isConnected) return run()
    clearInterval(timer)
    end()
  }, pause)
}

/**
 * Only the first answer counts: the link may be used while a code is being sent.
 *
 * @param {Context['answer']} answer
 * @returns {Context['answer']}
 */
function once(answer) {
  let isGiven = false
  return (given) => {
    if (isGiven) return
    isGiven = true
    answer(given)
  }
}
