// @ts-check
/**
 * Gesture theft (G9): another page can get a click or a key press to land here, by opening the
 * dialog under the pointer of somebody who is double-clicking, or holding Enter. So a button
 * works only when what presses it began after a person could have seen it.
 */

/** How long the dialog must have been visible and focused, in milliseconds. */
export const GRACE = 500

/** The least size of a window in which a person can see who is asking, in CSS pixels. */
export const SMALLEST = 160

const PRESSING = ['Enter', ' ', 'Escape']

/**
 * Watches the window, and swallows every click and key press that does not count.
 *
 * @param {Window} window
 * @param {(isArmed: boolean) => void} onChange told when buttons begin and cease to work
 */
export function createGuard(window, onChange) {
  const { document } = window
  /** When the present screen became visible and focused; Infinity while it is not. */
  let since = Infinity
  let isPressArmed = false
  let timer = 0
  /** Keys that were down while nothing counted: they count again once let go. */
  const held = new Set()

  const isArmed = () => window.performance.now() - since >= GRACE

  /** Begins the wait anew: the screen has changed, or the window has. */
  function restart() {
    window.clearTimeout(timer)
    onChange(false)
    const isLarge = window.innerWidth >= SMALLEST && window.innerHeight >= SMALLEST
    const isSeen = isLarge && document.visibilityState === 'visible' && document.hasFocus()
    since = isSeen ? window.performance.now() : Infinity
    if (isSeen) timer = window.setTimeout(() => onChange(true), GRACE)
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (!PRESSING.includes(event.key) || isFree(event)) return
    if (!isArmed()) held.add(event.key)
    if (event.repeat || held.has(event.key)) swallow(event)
  }

  /** @param {KeyboardEvent} event */
  function onKeyUp(event) {
    if (held.delete(event.key)) swallow(event)
  }

  /** @param {MouseEvent} event */
  function onClick(event) {
    const button = /** @type {Element} */ (event.target).closest('button')
    if (!button || (event.isTrusted && button.matches('.harmless'))) return
    const isPointer = event.detail > 0 // 0: a key, or assistive technology
    if (!event.isTrusted || !isArmed() || (isPointer && !isPressArmed)) swallow(event)
  }

  const capture = { capture: true }
  window.addEventListener('keydown', onKeyDown, capture)
  window.addEventListener('keyup', onKeyUp, capture)
  window.addEventListener('pointerdown', () => (isPressArmed = isArmed()), capture)
  window.addEventListener('click', onClick, capture)
  window.addEventListener('focus', restart)
  window.addEventListener('blur', restart)
  window.addEventListener('resize', restart)
  document.addEventListener('visibilitychange', restart)
  restart()
  return { restart, isArmed }
}

/**
 * Typing, and what does nobody any good but the person.
 *
 * @param {KeyboardEvent} event
 */
function isFree({ key, target }) {
  const free = key === ' ' ? 'input:not([type=checkbox]), .harmless' : '.harmless'
  return /** @type {Element} */ (target).matches(free)
}

/** @param {Event} event */
function swallow(event) {
  event.preventDefault()
  event.stopImmediatePropagation()
}
