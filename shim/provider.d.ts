// Types of navigator.id on an identity provider's pages, which include provisioning_api.js and
// authentication_api.js.

interface NavigatorId {
  /** Provisioning page: asks for which address and for how many seconds to make a certificate. */
  beginProvisioning(callback: (email: string, certDurationSeconds: number) => void): void

  /** Provisioning page: asks for the public key to certify, which comes as JSON. */
  genKeyPair(callback: (publicKey: string) => void): void

  /** Provisioning page: hands over the identity certificate. */
  registerCertificate(certificate: string): void

  /** Provisioning page: says that this person cannot get a certificate now. */
  raiseProvisioningFailure(reason: string): void

  /** Authentication page: asks who shall sign in; null if the page was opened without an address. */
  beginAuthentication(callback: (email: string | null) => void): void

  /** Authentication page: the person is signed in. */
  completeAuthentication(): void

  /** Authentication page: the person did not sign in. */
  raiseAuthenticationFailure(reason?: string): void

  /** Authentication page: the same as raiseAuthenticationFailure(). */
  cancelAuthentication(): void
}

interface Navigator {
  readonly id: NavigatorId
}
