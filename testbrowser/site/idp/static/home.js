// The home page and the page to sign out on: who is signed in, and no longer.
;(async function () {
  'use strict'

  const show = (selector, visible) => {
    document.querySelector(selector).hidden = !visible
  }
  const email = await window.session.email()
  document.querySelector('#address').textContent = email
  show('#in', email)
  show('#leave', email)
  show('#out', !email)

  document.querySelector('#leave').addEventListener('submit', async (event) => {
    event.preventDefault()
    await window.session.end()
    location.reload()
  })
})()
