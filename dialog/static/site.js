// @ts-check
/**
 * Who is asking. The origin is the browser's word and is always shown; a site's name for itself is
 * only a claim, is shown as one, and can never pass for an origin.
 */

import { element, phrase } from './dom.js'

/** @typedef {import('./text.js').Texts} Texts */

/** Longest host shown in large letters, in characters. All of any host is shown. */
const LARGE_HOST = 30

/** Longest label of a host that has room on a line of its own, with a port. */
const WHOLE_LABEL = 14

/** How long the first screen waits for the look of the site, in milliseconds. */
const PATIENCE = 2000

/** Longest name shown, in characters. */
const MAX_NAME = 40

/** What the name of a host, an address or a path has, and its look-alikes. */
const HOST_LIKE =
  /\S[.\u3002\u06d4\u0701\u0702\ua60e\ua4f8\u{10a50}]\S|[a-z\d][\u00b7\u0660\u06f0\u30fb\u2027\u2219\u22c5\u2022][a-z\d]|[/\\@\u2044\u2215\u2571\u29f8\u27cb\u29f5\u2216]|[:\u2236\ua789\u02d0\u02f8\u05c3\u0589\u0703]\S/iu

/** What is neither a letter, a digit, a space nor a plain mark, such as a padlock or a tick. */
const STRANGE =
  /[^\p{L}\p{M}\p{Nd} '\u2019&+,.!?:()\u00b7\u30fb\u2013-]|\p{DI}|[\u{1d165}-\u{1d1ad}\u02b0-\u02ff\ua4f8-\ua4ff\u3033-\u3035]/gu

/**
 * An origin in the parts that are shown apart: the host stands out.
 *
 * @param {string} origin
 */
export function originParts(origin) {
  const [, scheme, host, port] = /^([a-z-]+:\/\/)(.*?)(:\d+)?$/.exec(origin) ?? ['', '', origin, '']
  return { scheme, host, port: port ?? '' }
}

/**
 * A site's name fit to be shown beside its origin, or '' if it is not.
 *
 * @param {unknown} name as the site wrote it
 */
export function cleanName(name) {
  if (typeof name !== 'string') return ''
  const known = name
    .slice(0, 1000)
    .normalize('NFKC')
    .replace(/[\u02bb\u02bc]/g, '’') // letters, in the names of some languages
    .trim()
  if (HOST_LIKE.test(known)) return ''
  const clean = known
    .replace(STRANGE, ' ') // quotes too, or a name could end those around it
    .replace(/['’]{2,}/g, '’')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = Array.from(clean)
  return characters.length > MAX_NAME ? `${characters.slice(0, MAX_NAME - 1).join('')}…` : clean
}

/**
 * Shows who is asking, what they say of themselves, and what they get.
 *
 * @param {Document} document
 * @param {Texts} texts
 * @param {{ origin: string, params: Record<string, unknown> }} request
 */
export async function showSite(document, texts, { origin, params }) {
  const { scheme, host, port } = originParts(origin)
  const name = cleanName(params.siteName)
  const label = element('p', { class: 'quiet' }, ...phrase(texts, 'site.label'))
  const site = element(
    'bdi', // in any page a host reads from left to right
    { dir: 'ltr' },
    element('span', { class: 'scheme' }, scheme),
    element('strong', { class: host.length > LARGE_HOST && 'long' }, ...labels(host, port)),
  )
  const claim = name
    ? [element('p', { id: 'site-name', class: 'quiet' }, ...phrase(texts, 'site.name', { name }))]
    : []
  document
    .querySelector('#who')
    ?.replaceChildren(label, element('p', { id: 'site' }, site), ...claim)
  document.querySelector('#promise')?.replaceChildren(...phrase(texts, 'site.promise'))
  if (!params.siteLogo && !params.backgroundColor && !params.termsOfService) return
  const brand = import('./brand.js').then(({ showBrand }) =>
    showBrand(document, texts, origin, params),
  )
  // The sign-in counts without it.
  await Promise.race([brand.catch(() => {}), new Promise((late) => setTimeout(late, PATIENCE))])
}

/**
 * A host that breaks after its dots, and elsewhere only where a label is too long for a line. The
 * port stays at the last label.
 *
 * @param {string} host
 * @param {string} port
 */
function labels(host, port) {
  const parts = host.split(/(?<=\.)/)
  return parts.flatMap((label, i) => {
    const end = i === parts.length - 1 && port ? [element('span', { class: 'scheme' }, port)] : []
    const isWhole = label.length <= WHOLE_LABEL
    return [element('span', { class: isWhole && 'whole' }, label, ...end), element('wbr')]
  })
}
