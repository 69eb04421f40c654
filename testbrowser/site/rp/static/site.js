// Signing in to this site. All of it is here: ask for an assertion in a click, send it to our own server, and show what became of it.
;(function () {
  'use strict'

  const button = document.querySelector('#sign-in')
  if (!button) return // signed in already

  const message = document.querySelector('#message')
  const say = (text, reason = '') => {
    message.textContent = text
    message.dataset.reason = reason
  }

  if (!navigator.id) {
    button.disabled = true
    say('Signing in is not possible right now. Please try again later.', 'no_agent')
    return
  }

  const causes = {
    cancelled: 'You have not signed in.',
    popup_blocked: 'Your browser blocked the sign-in window. Please allow it for this site.',
  }

  const login = async (assertion) => {
    say('Signing in …')
    const response = await fetch('/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ assertion }),
    })
    if (response.ok) {
      location.reload()
      return
    }
    const { message, reason } = await response.json()
    say(message, reason)
  }

  navigator.id.watch({
    siteName: 'Seedswap',
    onlogin: (assertion) =>
      login(assertion).catch(() => say('We could not be reached. Please try again.', 'offline')),
  })

  button.addEventListener('click', () => {
    say('')
    navigator.id.request({
      oncancel: (reason) => say(causes[reason] || 'Signing in did not work.', reason),
    })
  })
})()
