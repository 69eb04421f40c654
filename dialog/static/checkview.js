// @ts-check
/** What the report of a check looks like. All of it is text: much of it is quoted from strangers. */

import { element, isolated, phrase } from './dom.js'

/** @typedef {'error' | 'warning' | 'note' | 'ok'} Severity */
/**
 * @typedef {object} Finding
 * @property {Severity} severity
 * @property {string} code
 * @property {string} says
 * @property {string} [fix]
 * @property {string} [url]
 */
/**
 * @typedef {object} Step
 * @property {string} what
 * @property {string} url
 * @property {string[]} [addresses]
 * @property {string} [tlsUntil]
 * @property {number} [status]
 * @property {string} [contentType]
 * @property {number} bytes
 * @property {number} milliseconds
 * @property {string} [leadsTo]
 */
/**
 * @typedef {object} Report as the host answers it; its sentences are the host's, in English
 * @property {string} subject
 * @property {boolean} works
 * @property {string} verdict
 * @property {Step[]} steps
 * @property {Finding[]} findings the worst first
 * @property {string[]} unseen
 */
/** @typedef {import('./text.js').Texts} Texts */

/**
 * @param {Texts} texts
 * @param {Report} report
 * @param {string} code of the error that a person has seen, '' for none
 */
export function createReport(texts, report, code) {
  const { findings, steps, unseen, verdict, works } = report
  const title = element('h2', { id: 'verdict', tabindex: '-1', lang: 'en' }, verdict)
  const isGood = ({ severity = '' }) => severity === 'ok'
  const bad = findings.filter((finding) => !isGood(finding))
  const good = findings.filter(isGood)
  const nodes = [
    element(
      'div',
      { class: 'verdict', 'data-works': String(works) },
      title,
      ...seen(texts, report.subject, code),
    ),
    list(bad.map((finding) => findingRow(texts, finding))),
    ...fold(texts, 'check.good', { count: String(good.length) }, good.map(goodRow)),
    ...fold(texts, 'check.steps', { count: String(steps.length) }, steps.map(stepRow)),
    ...fold(
      texts,
      'check.unseen',
      {},
      unseen.map((text) => element('li', {}, text)),
    ),
  ]
  return { nodes, title }
}

/**
 * What the sign-in window said, with its code.
 *
 * @param {Texts} texts
 * @param {string} domain
 * @param {string} code
 */
function seen(texts, domain, code) {
  if (!texts.has(`error.${code}.title`)) return []
  const what = texts.plain(`error.${code}.title`, { domain })
  const params = { what, code: element('code', {}, code) }
  return [element('p', { id: 'seen' }, ...phrase(texts, 'check.seen', params))]
}

/** @param {HTMLElement[]} rows */
function list(rows) {
  return element('ul', { class: 'findings', lang: 'en' }, ...rows)
}

/**
 * @param {Texts} texts
 * @param {Finding} finding
 */
function findingRow(texts, { severity, code, says, fix, url }) {
  const name = element('strong', { class: 'severity' }, ...phrase(texts, `check.${severity}`))
  const row = element('li', { 'data-severity': severity, 'data-code': code })
  row.append(name, element('p', {}, says))
  if (fix) row.append(element('p', { class: 'fix' }, fix))
  const where = element('p', { class: 'quiet' }, element('code', {}, code))
  if (url) where.append(' ', isolated(url))
  row.append(where)
  return row
}

/** @param {Finding} finding */
function goodRow({ says, code }) {
  return element('li', { 'data-code': code }, says)
}

/** @param {Step} step */
function stepRow({ what, url, status, contentType, bytes, milliseconds, ...more }) {
  const outcome = [
    String(status || 'no answer'),
    contentType,
    bytes > 0 && `${bytes} bytes`,
    `${milliseconds} ms`,
    more.addresses?.join(', '),
    more.tlsUntil && `TLS until ${more.tlsUntil.slice(0, 10)}`,
    more.leadsTo && `→ ${more.leadsTo}`,
  ]
  return element(
    'li',
    {},
    element('p', {}, what),
    element('p', { class: 'quiet' }, isolated(url)),
    element('p', { class: 'quiet' }, outcome.filter(Boolean).join(' · ')),
  )
}

/**
 * @param {Texts} texts
 * @param {string} key
 * @param {import('./text.js').Params} params
 * @param {HTMLElement[]} rows
 * @returns {HTMLElement[]} none without rows
 */
function fold(texts, key, params, rows) {
  if (rows.length === 0) return []
  const summary = element('summary', {}, ...phrase(texts, key, params))
  return [element('details', {}, summary, element('ul', { lang: 'en' }, ...rows))]
}
