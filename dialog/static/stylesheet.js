// @ts-check
/** Styles that the first screen does not need. */

import { element } from './dom.js'

/**
 * Adds a file of styles to the page, and waits until it is there or cannot be had.
 *
 * @param {string} name
 */
export function addStylesheet(name) {
  const { href } = new URL(name, import.meta.url)
  return new Promise((resolve) => {
    const done = () => resolve(undefined)
    document.head.append(element('link', { rel: 'stylesheet', href, load: done, error: done }))
  })
}
