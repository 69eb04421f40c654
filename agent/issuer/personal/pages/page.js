// What the pages have in common.

/** @returns {any} */
export const byId = (id) => document.getElementById(id)

export const show = (id, isShown = true) => (byId(id).hidden = !isShown)

/**
 * Whether the page is a window's own. In a frame of another page, which might lie over it, it asks for
 * nothing: plain file servers send no frame-ancestors, and a <meta> cannot say it.
 */
export const isAlone = () => {
  if (window.top === window) return true
  show('framed')
  return false
}

/** Runs what a click or a form asks for; says in the alert what went wrong, and that it is at work. */
export const attempt = async (form, work) => {
  const alert = form.querySelector('[role=alert]')
  const buttons = form.querySelectorAll('button')
  alert.textContent = ''
  form.setAttribute('aria-busy', 'true')
  buttons.forEach((button) => (button.disabled = true))
  try {
    await work()
  } catch (error) {
    alert.textContent = error.code ? error.message : `Something went wrong here: ${error.message}`
  }
  buttons.forEach((button) => (button.disabled = false))
  form.removeAttribute('aria-busy')
}
