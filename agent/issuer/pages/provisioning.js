// The provisioning page (protocol.md C1): whoever is signed in here gets a certificate for their key.
;(function () {
  'use strict'

  const NOT_SIGNED_IN = 'user is not authenticated as target user'
  const signedIn = JSON.parse(document.body.dataset.signedIn)

  const ask = async (question) => {
    const response = await fetch(location.pathname, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(question),
    })
    return response.json()
  }

  navigator.id.beginProvisioning((email, duration) => {
    if (!signedIn.includes(email)) return navigator.id.raiseProvisioningFailure(NOT_SIGNED_IN)
    navigator.id.genKeyPair(async (publicKey) => {
      try {
        const { certificate, error, message } = await ask({ email, publicKey, duration })
        if (certificate) return navigator.id.registerCertificate(certificate)
        navigator.id.raiseProvisioningFailure(error === 'not_signed_in' ? NOT_SIGNED_IN : message)
      } catch (problem) {
        navigator.id.raiseProvisioningFailure(String(problem))
      }
    })
  })
})()
