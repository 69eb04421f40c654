// Types of navigator.id on a relying party's page, which includes agent.js.

/** What navigator.id takes and gives. */
declare namespace navid {
  /** How user keys sign: RSASSA-PKCS1-v1_5 with SHA-256, ECDSA with P-256, or Ed25519. */
  type Algorithm = 'RS256' | 'ES256' | 'EdDSA'

  /** Why no assertion came. */
  type CancelCode = 'cancelled' | 'popup_blocked' | 'severed' | 'invalid_options'

  /** Why a call was refused, or why no assertion came. */
  type ErrorCode = CancelCode | 'wrong_this' | 'watch_required' | 'mixed_api' | 'no_host'

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

  /** What an assertion shall be like. */
  interface AssertionOptions {
    /** Comes back inside the assertion; the site's server compares it. */
    nonce?: string
    /** What the site's verifier can check; agent.js: all, include.js: RS256. */
    algorithms?: Algorithm[]
  }

  /** Stateless mode, for sites that alone know who is logged in; the default. */
  interface StatelessOptions extends DisplayOptions, AssertionOptions {
    /** Gets the backed assertion, which the site's server has to verify. */
    onlogin(assertion: string): void
    /** Runs soon after watch(). */
    onready?(): void
    onlogout?: undefined
    onmatch?: undefined
    loggedInUser?: undefined
  }

  /** Observer mode: the site hears of log-ins and log-outs that it did not ask for. */
  interface ObserverOptions extends DisplayOptions, AssertionOptions {
    /** Gets the backed assertion, which the site's server has to verify. */
    onlogin(assertion: string): void
    /** Nobody is logged in any more. */
    onlogout(): void
    /** The person that the site takes for logged in is. */
    onmatch?(): void
    /** Runs once, after the check on page load; after two seconds at the latest. */
    onready?(): void
    /** Who is logged in at the site: an address, or null for nobody; undefined if it does not say. */
    loggedInUser?: string | null | false
  }

  type WatchOptions = StatelessOptions | ObserverOptions

  interface GetOptions extends DisplayOptions, AssertionOptions {
    /** Shown only together with privacyPolicy. */
    termsOfService?: string
    /** Shown only together with termsOfService. */
    privacyPolicy?: string
    /** The address to propose. */
    email?: string
  }

  interface RequestOptions extends GetOptions {
    /** Runs once when no assertion will come. */
    oncancel?(code: CancelCode): void
    /** A path of this site, for the redirect flow; the page's own path if absent. */
    returnTo?: string
    /** Only a window, or only this very tab; by default a window, or the tab if there can be none. */
    mode?: 'popup' | 'redirect'
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

  /** Tells the user agent that the site's session is over. In stateless mode it does nothing. */
  logout(): void
  /** @deprecated The callback only runs when the log-out is noted, or two seconds have passed. */
  logout(callback: () => void): void

  /** @deprecated Use watch() and request(). */
  get(
    callback: (assertion: string | null) => void,
    options?: navid.GetOptions,
  ): Promise<string> | undefined

  /** @deprecated Use watch() and request(). */
  getVerifiedEmail(callback: (assertion: string | null) => void): Promise<string> | undefined

  /** Tells this object from one that the browser made. */
  readonly _shimmed?: true
}

interface Navigator {
  readonly id: NavigatorId
}
