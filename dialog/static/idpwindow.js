// @ts-check
/**
 * The one window for the pages of an identity provider. Browsers open it only for a click, so it
 * is opened as a blank page of our own at once, and pointed at the provider when that is known.
 */

import { forgetJourney } from './journey.js'

/** Where the clone of our session storage tells the return page whose attempt it is. */
export const ATTEMPT_KEY = 'navid.attempt'

const WIDTH = 520
const HEIGHT = 640

/**
 * @param {Window} window the dialog's
 * @param {(blank: Window) => void} furnish puts something to look at into the blank page
 */
export function createIdpWindow(window, furnish) {
  /** @type {Window | null} */
  let waiting = null
  /** @type {Window | null} */
  let taken = null

  function open() {
    // A name that no other page can have taken (E10), an attempt that none can guess.
    window.sessionStorage.setItem(ATTEMPT_KEY, window.crypto.randomUUID())
    forgetJourney(window.sessionStorage) // that of the tab which opened us, or of one before it
    const name = `navid_idp_${window.crypto.randomUUID()}`
    const opened = window.open('', name, features(window))
    if (opened) furnish(opened)
    return opened
  }

  return {
    /** To be called in the person's click on Continue, before anything is awaited. */
    openForClick() {
      waiting = open()
    },
    /**
     * The window that the click has opened, or one opened now if a click's permission lasts.
     *
     * @returns {Window | null} null: the browser would not
     */
    take() {
      taken = waiting
      waiting = null
      if (taken && !taken.closed) return taken
      taken = window.navigator.userActivation?.isActive === false ? null : open()
      return taken
    },
    /** Whether the window that was taken last is still there. */
    isOpen() {
      return taken !== null && !taken.closed
    },
    /** Brings it to the front, where others may have covered it. */
    show() {
      taken?.focus()
    },
  }
}

/** @param {Window} window */
function features({ screenX, screenY, outerWidth, outerHeight }) {
  const left = Math.round(screenX + (outerWidth - WIDTH) / 2)
  const top = Math.round(Math.max(0, screenY + (outerHeight - HEIGHT) / 2))
  return `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`
}
