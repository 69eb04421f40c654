// The session with our own server, whichever way it is remembered. Loaded by every page.
;(function () {
  'use strict'

  const stored = () => document.body.dataset.session === 'local-storage'
  const token = () => (stored() && localStorage.getItem('session')) || ''

  const ask = (method, path, body) =>
    fetch(path, {
      method,
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + token() },
      body: body && JSON.stringify(body),
    })

  window.session = {
    ask,

    // The address that this browser is signed in as, or ''.
    async email() {
      return (await (await ask('GET', '/session')).json()).email
    },

    // Resolves with '' or with what went wrong, in words.
    async start(email, password) {
      const response = await ask('POST', '/session', { email, password })
      const { token, message } = await response.json()
      if (!response.ok) return message
      if (stored()) localStorage.setItem('session', token)
      return ''
    },

    async end() {
      await ask('POST', '/sign_out')
      localStorage.removeItem('session')
    },
  }
})()
