// Types of navigator.id on a relying party's page, which includes agent.js.

/** What navigator.id takes and gives. */
declare namespace navid {
  /** How user keys sign: RSASSA-PKCS1-v1_5 with SHA-256, ECDSA with P-256, or Ed25519. */
  type Algorithm = 'RS256' | 'ES256' | 'EdDSA'

  /** Why no assertion came. */
  type CancelCode = 'cancelled' | 'popup_blocked' | 'invalid_options'

  /** Why a call was refused, or why no assertion came. */
  type ErrorCode =
    | CancelCode
    | 'wrong_this'
    | 'watch_required'
    | 'mixed_api'
    | 'observer_mode_unsupported'
    | 'no_host'

  /** Every error that navigator.id throws, and every one that request() rejects with. */
  interface CodedError extends Error {
    readonly code: ErrorCode
  }

  /** How the dialog shows the site, beside its origin. */
  interface DisplayOptions {
    siteName?: string
    /** An https URL, or a data: URL of at most 131,072 characters. */
    siteLogo?: string
    /** #rgb or #rrggbb. */
    backgroundColor?: string
  }

  interface WatchOptions extends DisplayOptions {
    /** Gets the backed assertion, which the site's server has to verify. */
    onlogin(assertion: string): void
    /** Runs soon after watch(). */
    onready?(): void
    /** Not supported by this version: watch() throws `observer_mode_unsupported`. */
    onlogout?: never
  }

  interface GetOptions extends DisplayOptions {
    /** Shown only together with privacyPolicy. */
    termsOfService?: string
    /** Shown only together with termsOfService. */
    privacyPolicy?: string
    /** The address to propose. */
    email?: string
    /** Comes back inside the assertion; the site's server compares it. */
    nonce?: string
    /** What the site's verifier can check; agent.js: all, include.js: RS256. */
    algorithms?: Algorithm[]
  }

  interface RequestOptions extends GetOptions {
    /** Runs once when no assertion will come. */
    oncancel?(code: CancelCode): void
    /** A path of this site; the page's own path if absent. */
    returnTo?: string
    experimental_forceAuthentication?: boolean
    experimental_forceIssuer?: string
    experimental_allowUnverified?: boolean
  }
}

interface NavigatorId {
  /** Names the site's callbacks. To be called on each page load, before request(). */
  watch(options: navid.WatchOptions): void

  /**
   * Opens the dialog; to be called in a click. Resolves with the backed assertion that onlogin
   * gets too, rejects with a navid.CodedError. A second call while the dialog is open focuses it
   * and returns the same promise.
   */
  request(options?: navid.RequestOptions): Promise<string>

  /** Tells the user agent that the site's session is over. */
  logout(): void
  /** @deprecated The callback only runs a moment later. */
  logout(callback: () => void): void

  /** @deprecated Use watch() and request(). */
  get(callback: (assertion: string | null) => void, options?: navid.GetOptions): void

  /** @deprecated Use watch() and request(). */
  getVerifiedEmail(callback: (assertion: string | null) => void): void

  /** Tells this object from one that the browser made. */
  readonly _shimmed?: true
}

interface Navigator {
  readonly id: NavigatorId
}
