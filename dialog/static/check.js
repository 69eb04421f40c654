// @ts-check
/**
 * The page that tells who runs a mail domain why signing in with its addresses does not work. It
 * asks the host, which sees what it sees at a sign-in. Of an address the domain alone leaves the
 * browser; what the report quotes of foreign documents is text, and stays text.
 */

import { ask } from './api.js'
import { createReport } from './checkview.js'
import { element, isolated, phrase } from './dom.js'
import { loadTexts } from './text.js'
import { actions, domainOf, heading, paragraph } from './views.js'

/** How long a check may take, in milliseconds: a lookup and the pages have 20 s each. */
const PATIENCE = 45_000

const texts = await loadTexts(document.documentElement.lang)
const main = /** @type {HTMLElement} */ (document.querySelector('main'))
const status = /** @type {HTMLElement} */ (document.querySelector('#status'))
const problem = element('p', { id: 'domain-problem', class: 'problem', role: 'alert' })
const input = /** @type {HTMLInputElement} */ (
  element('input', {
    id: 'domain',
    name: 'domain',
    dir: 'ltr',
    inputmode: 'email',
    autocapitalize: 'none',
    autocorrect: 'off',
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'go',
    maxlength: '254',
    placeholder: texts.plain('check.example'),
    'aria-describedby': 'domain-problem domain-hint',
  })
)
const go = element('button', { id: 'go', class: 'primary' }, ...phrase(texts, 'check.go'))
const result = element('div', { id: 'result' })
let latest = 0 // the number of the check whose result is wanted

document.title = `${texts.plain('check.title')} – ${location.host}`
main.replaceChildren(
  heading(texts, 'check.title'),
  paragraph(texts, 'check.text'),
  element(
    'form',
    { novalidate: true, submit },
    element('label', { for: 'domain' }, ...phrase(texts, 'check.label')),
    input,
    problem,
    element('p', { id: 'domain-hint', class: 'quiet' }, ...phrase(texts, 'check.hint')),
    actions(go),
  ),
  result,
)
window.addEventListener('hashchange', begin)
begin()

/** Takes up what the fragment names: a domain, and maybe the code of the error that led here. */
function begin() {
  const [domain = '', code = ''] = location.hash.slice(1).split('/').map(decoded)
  if (!domain) return input.focus()
  input.value = domain
  check(domain, code)
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** @param {Event} event */
function submit(event) {
  event.preventDefault()
  const domain = domainIn(input.value.trim())
  if (!domain) return complain('check.missing')
  history.replaceState(null, '', `#${encodeURIComponent(domain)}`)
  check(domain, '')
}

/**
 * The domain of an address, or of a page's URL, which people copy.
 *
 * @param {string} text
 */
function domainIn(text) {
  const isURL = text.startsWith('https://') && URL.canParse(text)
  return isURL ? new URL(text).hostname : domainOf(text)
}

/** @param {string} key */
function complain(key) {
  problem.replaceChildren(...phrase(texts, key))
  input.setAttribute('aria-invalid', 'true')
  input.focus()
}

/**
 * Asks the host and shows what it says, unless another check has been asked for meanwhile.
 *
 * @param {string} domain
 * @param {string} code of the error of a sign-in, which a check need not see
 */
async function check(domain, code) {
  const number = ++latest
  begun(domain)
  try {
    const report = await ask('check', { domain }, PATIENCE)
    if (number === latest) show(report, code)
  } catch (error) {
    if (number === latest) explain(/** @type {import('./api.js').Refusal} */ (error))
  }
}

/** @param {string} domain */
function begun(domain) {
  problem.replaceChildren()
  input.removeAttribute('aria-invalid')
  main.setAttribute('aria-busy', 'true')
  const spinner = element('div', { class: 'spinner', 'aria-hidden': 'true' })
  const waiting = element('p', {}, ...phrase(texts, 'check.wait', { domain: isolated(domain) }))
  result.replaceChildren(spinner, waiting)
  status.textContent = texts.plain('check.wait', { domain })
}

/**
 * @param {import('./checkview.js').Report} report
 * @param {string} code
 */
function show(report, code) {
  main.removeAttribute('aria-busy')
  status.textContent = ''
  const { nodes, title } = createReport(texts, report, code)
  result.replaceChildren(...nodes)
  title.focus()
}

/** @param {import('./api.js').Refusal} refusal */
function explain({ code }) {
  main.removeAttribute('aria-busy')
  status.textContent = ''
  result.replaceChildren()
  const key = texts.has(`check.problem.${code}`) ? code : 'internal'
  complain(`check.problem.${key}`)
}
