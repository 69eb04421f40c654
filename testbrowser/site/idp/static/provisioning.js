// The provisioning page (protocol.md C1): if the user is signed in here, their key is certified.
;(function () {
  'use strict'

  navigator.id.beginProvisioning(async (email, duration) => {
    if ((await window.session.email()) !== email) {
      return navigator.id.raiseProvisioningFailure('user is not authenticated as target user')
    }
    navigator.id.genKeyPair(async (publicKey) => {
      const response = await window.session.ask('POST', '/certificate', {
        email,
        publicKey,
        duration,
      })
      const text = await response.text()
      if (response.ok) navigator.id.registerCertificate(text)
      else navigator.id.raiseProvisioningFailure(text)
    })
  })
})()
