// Compiled, never run: what the declarations of navigator.id allow and what they refuse.

const login = (assertion: string) => assertion.length

navigator.id.watch({ onlogin: login })
navigator.id.watch({ onlogin: login, onready: () => {}, siteName: 'Trees' })
// @ts-expect-error onlogin is required
navigator.id.watch({ onready: () => {} })
navigator.id.watch({ onlogin: login, onlogout: () => {} })
navigator.id.watch({
  onlogin: login,
  onlogout: () => {},
  onmatch: () => {},
  loggedInUser: null,
  nonce: 'n1',
})
// @ts-expect-error onmatch needs onlogout
navigator.id.watch({ onlogin: login, onmatch: () => {} })
// @ts-expect-error loggedInUser needs onlogout
navigator.id.watch({ onlogin: login, loggedInUser: 'a@idp.test' })
// @ts-expect-error loggedInUser is an address
navigator.id.watch({ onlogin: login, onlogout: () => {}, loggedInUser: 42 })

const assertion: Promise<string> = navigator.id.request()
navigator.id.request({
  nonce: 'n1',
  algorithms: ['RS256', 'EdDSA'],
  oncancel: (code: navid.CancelCode) => code,
})
navigator.id.request({ mode: 'redirect', returnTo: '/account' })
// @ts-expect-error not a mode
navigator.id.request({ mode: 'frame' })
// @ts-expect-error an algorithm that no assertion is signed with
navigator.id.request({ algorithms: ['HS256'] })
// @ts-expect-error deprecated names are not declared
navigator.id.request({ tosURL: '/terms' })

const explain = (error: navid.CodedError): string =>
  error.code === 'popup_blocked' ? 'Allow the window' : error.message

navigator.id.logout()
const got: Promise<string> | undefined = navigator.id.get((assertion: string | null) => assertion, {
  email: 'a@idp.test',
})
// @ts-expect-error get() has no oncancel, its callback gets null
navigator.id.get(login, { oncancel: () => {} })
navigator.id.getVerifiedEmail((assertion) => assertion)

navigator.id.beginProvisioning((email, seconds) => email.repeat(seconds))
navigator.id.genKeyPair((publicKey) => JSON.parse(publicKey))
navigator.id.registerCertificate('eyJ.eyJ.c2ln')
// @ts-expect-error a certificate is a string
navigator.id.registerCertificate({})
navigator.id.raiseProvisioningFailure('user is not authenticated as target user')
// @ts-expect-error there may be no address
navigator.id.beginAuthentication((email: string) => email)
navigator.id.completeAuthentication()
navigator.id.cancelAuthentication()

export { assertion, explain, got }
