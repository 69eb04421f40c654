// The authentication page (protocol.md C2): people sign in by a form that the server answers, and go
// back to the dialog when it says that they are. A wrong try shows the form again, and ends nothing.
;(function () {
  'use strict'

  navigator.id.beginAuthentication(() => {
    if ('done' in document.body.dataset) return navigator.id.completeAuthentication()
    document.querySelectorAll('button[name=cancel]').forEach((button) => {
      button.addEventListener('click', () => navigator.id.cancelAuthentication())
    })
  })
})()
