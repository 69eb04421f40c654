// @ts-check
/**
 * What a site may show of itself beside its origin: a logo, a colour, its terms (B1.18, B1.20).
 * All of it is the site's own claim, smaller than the origin and never in its place. Most sites
 * have none of it, so this module is loaded for those that do.
 */

import { element, phrase } from './dom.js'
import { addStylesheet } from './stylesheet.js'

/** Side of the logo in CSS pixels: enough for a mark, too little to write an address with. */
const LOGO = 40

/** The luminance below which white is easier to read on a colour, black above: at least 4.5:1. */
const MIDDLE = 0.179

/** The most luminance of the panel in dark windows. */
const DIM = 0.06

/**
 * @param {Document} document
 * @param {import('./text.js').Texts} texts
 * @param {string} origin of the site
 * @param {Record<string, any>} options as params.js has read them
 */
export async function showBrand(document, texts, origin, options) {
  await addStylesheet('brand.css')
  if (options.siteLogo && isOwn(options.siteLogo, origin)) {
    forbidOthers(document, origin)
    showLogo(document, options.siteLogo)
  }
  if (options.backgroundColor) showColor(document.documentElement, options.backgroundColor)
  if (options.termsOfService) showTerms(document, texts, options)
}

/**
 * Whether a logo is the site's own. A third party whose pictures many sites show would know a
 * person at all of them: its cookies, even partitioned ones, belong to this host's pages.
 *
 * @param {string} logo
 * @param {string} origin of the site
 */
export function isOwn(logo, origin) {
  if (logo.startsWith('data:') || new URL(logo).origin === origin) return true
  console.warn(`siteLogo is not shown: it is neither a data: URL nor of ${origin}`)
  return false
}

/**
 * Lets pictures come from the site only, also where its own address for one leads elsewhere. The
 * server, which does not know the site, allows all.
 *
 * @param {Document} document
 * @param {string} origin of the site
 */
function forbidOthers(document, origin) {
  const policy = `img-src 'self' data: ${origin}`
  const httpEquiv = 'Content-Security-Policy'
  document.head.append(element('meta', { 'http-equiv': httpEquiv, content: policy }))
}

/**
 * Beside the name, under the origin. The picture says nothing that a reader would miss.
 *
 * @param {Document} document
 * @param {string} src
 */
function showLogo(document, src) {
  const logo = element('img', {
    id: 'site-logo',
    alt: '',
    width: String(LOGO),
    height: String(LOGO),
    decoding: 'async',
    referrerpolicy: 'no-referrer', // the window's address is nobody's business
    error: () => logo.remove(),
  })
  logo.setAttribute('src', src)
  const claim = element('div', { id: 'claim' }, logo)
  const name = document.querySelector('#site-name')
  if (name) claim.append(name)
  document.querySelector('#who')?.append(claim)
}

/**
 * @param {HTMLElement} root
 * @param {string} color six hexadecimal digits
 */
function showColor(root, color) {
  root.classList.add('branded')
  const panels = panelColors(color)
  for (const [name, value] of Object.entries(panels)) root.style.setProperty(`--${name}`, value)
}

/**
 * The colours of the panel and of the text on it, in light windows and in dark ones, where the
 * site's colour is dimmed.
 *
 * @param {string} color six hexadecimal digits
 */
export function panelColors(color) {
  const linear = [0, 2, 4].map((at) => linearized(parseInt(color.slice(at, at + 2), 16) / 255))
  const bright = luminance(linear)
  const factor = Math.min(1, DIM / bright)
  return {
    site: `#${color}`,
    'on-site': bright > MIDDLE ? '#000' : '#fff',
    'site-dark': hex(linear.map((channel) => channel * factor)),
  }
}

/**
 * @param {Document} document
 * @param {import('./text.js').Texts} texts
 * @param {Record<string, any>} options
 */
function showTerms(document, texts, { termsOfService, privacyPolicy }) {
  const terms = link(texts, 'site.terms', termsOfService)
  const privacy = link(texts, 'site.privacy', privacyPolicy)
  const text = element('p', { id: 'site-terms' }, ...phrase(texts, 'site.own', { terms, privacy }))
  document.querySelector('#promise')?.append(text)
}

/**
 * A page of the site's in a window of its own, which knows nothing of this one.
 *
 * @param {import('./text.js').Texts} texts
 * @param {string} key
 * @param {string} href
 */
function link(texts, key, href) {
  const attributes = { href, target: '_blank', rel: 'noopener noreferrer' }
  const unseen = element('span', { class: 'unseen' }, ' ', ...phrase(texts, 'site.window'))
  return element('a', attributes, ...phrase(texts, key), unseen)
}

/**
 * Relative luminance, as WCAG has it.
 *
 * @param {number[]} linear red, green, blue
 */
function luminance([red, green, blue]) {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** @param {number} channel of an sRGB colour, 0 to 1 */
function linearized(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
}

/** @param {number[]} linear */
function hex(linear) {
  const channels = linear.map((value) => {
    const encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
    return Math.floor(encoded * 255)
      .toString(16)
      .padStart(2, '0')
  })
  return `#${channels.join('')}`
}
