// @ts-check
/**
 * The options of a request (A4), which a page wrote and nobody has checked: each in its one
 * canonical form, or the request refused as a whole. What is no option here is left behind.
 */

import { isAddress, isHost, normalizeAddress } from './address.js'
import { mayAsk } from './winchan.js'

/** Limits, in characters: of a logo in a data: URL, another URL, its path, a nonce, a text. */
const MAX_LOGO = 131_072
const MAX_URL = 2083
const MAX_PATH = 2048
const MAX_NONCE = 256
const MAX_SHOWN = 60

const IMAGE = /^data:image\/(png|gif|jpe?g|svg\+xml);base64,[a-z\d+/]+=*$/i
const COLOR = /^#?([\da-f]{3}|[\da-f]{6})$/i
const APIS = 'watch_with_onready watch_without_onready stateless get getVerifiedEmail internal'

/** @typedef {Record<string, any>} Options */
/** @typedef {{ name: string, value: any, origin: string, api: unknown }} Option */

/** @type {Record<string, (option: Option) => unknown>} */
const READERS = {
  siteName: ({ value }) => (typeof value === 'string' ? value : undefined),
  siteLogo,
  backgroundColor,
  termsOfService: terms,
  privacyPolicy: terms,
  returnTo,
  email,
  nonce: (option) => demand(isText(option.value, MAX_NONCE), option, 'a short text'),
  algorithms: (option) => demand(isListOfNames(option.value), option, 'a list of names'),
  rp_api: (option) => demand(APIS.split(' ').includes(option.value), option, 'a known name'),
  start_time: startTime,
  experimental_forceAuthentication: boolean,
  experimental_forceIssuer: issuer,
  experimental_allowUnverified: boolean,
  experimental_userAssertedClaims: claims,
}

/**
 * Reads the options of a request. Those without a value are as good as not given, as in
 * `siteLogo: ''`; and the terms of a site count only with its privacy policy (A4.6).
 *
 * @param {string} origin of the page that asks
 * @param {Options} params as parsed from JSON
 * @returns {Options}
 * @throws {Error} with a text for the site's developers, if an option is wrong
 */
export function readOptions(origin, params) {
  const given = (/** @type {string} */ name) => Object.hasOwn(params, name) && params[name]
  const hasBoth = given('termsOfService') && given('privacyPolicy')
  /** @type {Options} */
  const options = {}
  for (const [name, read] of Object.entries(READERS)) {
    if (!given(name) || (read === terms && !hasBoth)) continue
    const value = read({ name, value: params[name], origin, api: params.rp_api })
    if (value !== undefined) options[name] = value
  }
  return options
}

/** @param {Option} option */
function siteLogo(option) {
  const { value } = option
  if (typeof value !== 'string' || !/^data:/i.test(value)) {
    const { protocol, href, origin } = link(option)
    const isSafe = protocol === 'https:' || (origin === option.origin && mayAsk(origin))
    demand(isSafe, option, 'of https or data')
    return href
  }
  demand(isText(value, MAX_LOGO), option, `of ${MAX_LOGO} characters at most`)
  return demand(IMAGE.test(value), option, 'an image in base64')
}

/** @param {Option} option */
function backgroundColor(option) {
  demand(isText(option.value, 7) && COLOR.test(option.value), option, '#rgb or #rrggbb')
  const digits = option.value.replace('#', '')
  return digits.length === 6 ? digits : digits.replace(/./g, '$&$&')
}

/** @param {Option} option */
function terms(option) {
  return link(option).href
}

/**
 * The URL of a page or picture: in full, of another host, or a path on the site's own.
 *
 * @param {Option} option
 */
function link(option) {
  const isLink = isText(option.value, MAX_URL - 1) && /^((https?:)?\/\/|\/)[^/]/i.test(option.value)
  demand(isLink, option, `an http(s) URL or a /path, of less than ${MAX_URL} characters`)
  return parsed(option)
}

/** @param {Option} option */
function returnTo(option) {
  const rule = 'a path that begins with one /'
  demand(isText(option.value, MAX_URL - 1) && /^\/(?!\/)/.test(option.value), option, rule)
  const { pathname, search, hash } = parsed(option)
  demand(!pathname.startsWith('//'), option, rule) // where dots have led to
  return pathname + search + hash
}

/** @param {Option} option */
function parsed(option) {
  const { value, origin } = option
  // A URL parser reads more into control characters and backslashes than people do.
  demand(!/[\p{Cc}\\]/u.test(value) && URL.canParse(value, origin), option, 'a plain URL')
  const url = new URL(value, origin)
  demand(url.pathname.length < MAX_PATH, option, `a URL with a path of less than ${MAX_PATH}`)
  demand(!url.username && !url.password, option, 'a URL without a user')
  return url
}

/** @param {Option} option */
function email(option) {
  const address = isText(option.value, 254) ? normalizeAddress(option.value) : ''
  demand(isAddress(address), option, 'an e-mail address')
  return address.replace(/@.*/, (domain) => domain.toLowerCase())
}

/** @param {Option} option */
function startTime(option) {
  const isTime = typeof option.value !== 'object' && /^\d{1,15}$/.test(option.value)
  return Number(demand(isTime, option, 'a number of milliseconds'))
}

/** @param {Option} option */
function boolean(option) {
  return demand(option.value === true, option, 'true or false')
}

/** @param {Option} option */
function issuer(option) {
  demand(isText(option.value, 253) && isHost(option.value), option, 'a host name')
  return option.value.toLowerCase()
}

/**
 * Claims of a person about themselves are for native user agents, and checked only.
 *
 * @param {Option} option
 */
function claims(option) {
  const isObject = typeof option.value === 'object' && !Array.isArray(option.value)
  demand(option.api !== 'internal' || isObject, option, 'an object')
}

/** @type {(value: unknown, most: number) => boolean} */
function isText(value, most) {
  return typeof value === 'string' && value.length <= most
}

/** @param {unknown} value */
function isListOfNames(value) {
  return Array.isArray(value) && value.length <= 20 && value.every((name) => isText(name, 20))
}

/**
 * @param {boolean} isMet
 * @param {Option} option
 * @param {string} rule what its value must be
 */
function demand(isMet, { name, value }, rule) {
  if (isMet) return value
  // What a page wrote can pretend nothing in this form, and is not long.
  const written = typeof value === 'object' ? 'an object' : String(value).slice(0, MAX_SHOWN)
  throw new Error(`${name} must be ${rule}, not (${written.replace(/[^ -~]/g, '?')})`)
}
