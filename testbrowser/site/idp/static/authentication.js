// The authentication page (protocol.md C2): the user proves to us who they are, and goes back.
;(function () {
  'use strict'

  const form = document.querySelector('#sign-in')
  const password = document.querySelector('#password')
  const message = document.querySelector('#message')

  navigator.id.beginAuthentication(async (email) => {
    document.querySelector('#email').value = email
    // Who is signed in as that address already need not do it again (C2.6).
    if (email && (await window.session.email()) === email)
      return navigator.id.completeAuthentication()

    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      message.textContent = await window.session.start(email, password.value)
      if (!message.textContent) return navigator.id.completeAuthentication()
      password.select()
    })
    document.querySelector('#cancel').addEventListener('click', () => {
      navigator.id.raiseAuthenticationFailure('user cancelled')
    })
    // Before this a click would only have sent the form nowhere.
    form.querySelectorAll('button').forEach((button) => (button.disabled = false))
  })
})()
