// What the page does: ask for an assertion in a click, and send it to the site's own server.
const [signIn, signOut, message] = document.querySelectorAll('#sign-in, #sign-out, #message')
const isSignedIn = document.querySelector('#address').textContent !== ''
const say = (text) => (message.textContent = text)

const causes = {
  cancelled: 'You have not signed in.',
  popup_blocked: 'Your browser blocked the sign-in window. Please click once more.',
}

async function login(assertion) {
  const body = new URLSearchParams({ assertion })
  const response = await fetch('/login', { method: 'POST', body })
  if (response.ok) location.reload()
  else say(await response.text())
}

signIn.hidden = isSignedIn
signOut.hidden = !isSignedIn

if (!navigator.id) {
  say('Signing in is not possible right now. Please try again later.')
} else if (!isSignedIn) {
  navigator.id.watch({
    siteName: 'Shop',
    onlogin: (assertion) =>
      login(assertion).catch(() => say('We could not be reached. Please try again.')),
  })
  signIn.addEventListener('click', () => {
    say('')
    navigator.id.request({ oncancel: (code) => say(causes[code] || 'Signing in did not work.') })
  })
}
