// navigator.id for relying parties: sign in with an e-mail address. Served as /agent.js and, with
// the defaults that old verifiers need, as /include.js. Reference: shim/README.md.
;(function () {
  'use strict'

  /** @type {Partial<NavigatorId>} */
  const id = navigator.id || {}
  if (id.request) return // a native implementation, or this script once more

  // Markup such as <img name=currentScript> shadows document.currentScript, not the prototype's.
  const script = Reflect.get(Document.prototype, 'currentScript', document)
  const url = script instanceof HTMLScriptElement && script.src ? new URL(script.src) : null
  const host = url && url.origin !== 'null' ? url.origin : ''
  const algorithms =
    url && /\/include[^/]*$/.test(url.pathname) ? ['RS256'] : ['RS256', 'ES256', 'EdDSA']

  const STORED = 'navid.request' // the open request, in sessionStorage
  const FEATURES = 'menubar=0,location=1,resizable=1,scrollbars=1,status=0,width=700,height=375'
  const DISPLAY = ['siteName', 'siteLogo', 'backgroundColor']
  const GET = [
    ...['termsOfService', 'privacyPolicy', 'tosURL', 'privacyURL', 'email'],
    ...['experimental_emailHint', 'nonce', 'algorithms'],
  ]

  let api = '' // 'watch' or 'get': a page uses one of them
  let observers // the options of watch(), or what get() makes of its own
  let talk // the conversation with the open dialog, if there is one

  const warn = (text) => console.warn('navigator.id: ' + text)
  const failure = (code, text) => Object.assign(new Error('navigator.id: ' + text), { code })
  const closed = () => failure('cancelled', 'the sign-in window was closed')
  const invalid = (text) => failure('invalid_options', text)

  // ---- the dialog ----

  // Runs in the caller's own task, for only there does the click count. The empty window comes
  // first and the link leads it on: that keeps the opener and sends no Referer. The name is
  // random, so that no window of another page answers to it.
  const openDialog = () => {
    const name = 'navid_' + crypto.getRandomValues(new Uint32Array(4)).join('_')
    const dialog = window.open('', name, FEATURES)
    if (!dialog) return null
    // Markup such as <img name=createElement> may shadow the document's own.
    const link = /** @type {HTMLAnchorElement} */ (
      Document.prototype.createElement.call(document, 'a')
    )
    link.href = host + '/sign_in'
    link.target = name
    link.rel = 'opener'
    link.referrerPolicy = 'no-referrer'
    link.click()
    return dialog
  }

  // Where storage is forbidden, a reloaded page cannot take up its dialog again.
  const stored = (method, ...values) => {
    try {
      return sessionStorage[method](STORED, ...values)
    } catch {
      return null
    }
  }

  // Goes on until the dialog answers or is closed.
  const converse = (dialog, message, oncancel) => {
    const promise = new Promise((resolve, reject) => {
      const end = (error, assertion) => {
        clearInterval(timer)
        talk = null
        stored('removeItem')
        if (error) {
          reject(error)
          if (oncancel) oncancel(error.code)
        } else {
          resolve(assertion)
          observers.onlogin(assertion)
        }
      }
      let wasClosed = false
      const timer = setInterval(() => {
        // A dialog answers, then closes itself; the answer may arrive after the sight of that.
        if (wasClosed) end(closed())
        wasClosed = dialog.closed
      }, 500)
      talk = { dialog, message, end }
    })
    promise.catch(() => {}) // a site that uses callbacks need not handle it
    talk.promise = promise
    return promise
  }

  // A dialog closed a moment ago ends here, not at the next look at it: this click is for a new one.
  const talking = () => {
    if (talk && talk.dialog.closed) talk.end(closed())
    return talk
  }

  const parse = (data) => {
    try {
      return (typeof data === 'string' && data.length <= 65536 && JSON.parse(data)) || {}
    } catch {
      return {}
    }
  }

  const answer = (action, data) => {
    if (action === 'ready') talk.dialog.postMessage(talk.message, host)
    if (action === 'response') {
      if (data && typeof data.assertion === 'string') talk.end(null, data.assertion)
      else talk.end(failure('cancelled', 'no address was chosen'))
    }
    if (action === 'error') {
      talk.end(failure(/^improper usage/.test(data) ? 'invalid_options' : 'cancelled', data))
    }
  }

  addEventListener('message', ({ origin, source, data }) => {
    if (origin !== host) return
    const { a, d } = parse(data)
    if (!talk && source && a === 'ready' && api === 'watch') {
      const message = stored('getItem') // of the same page, before it was reloaded
      if (message) converse(source, message)
    }
    // From a page that is being left, browsers name no source.
    if (talk && (source === talk.dialog || (!source && a === 'error'))) answer(a, d)
  })

  // ---- what the site asks for ----

  const checkFunctions = (options, names) => {
    for (const name of names) {
      if (options[name] && typeof options[name] !== 'function') {
        throw invalid(name + ' must be a function')
      }
    }
  }

  const rename = (params, from, to) => {
    if (params[from] == null) return
    if (params[to] != null) throw invalid('give ' + to + ' or its old name ' + from + ', not both')
    warn(from + ' is deprecated, its name is ' + to)
    params[to] = params[from]
    delete params[from]
  }

  const parameters = (options, rpAPI) => {
    const params = Object.assign({}, options, {
      returnTo: options.returnTo || location.pathname,
      algorithms: options.algorithms || algorithms,
      rp_api: rpAPI,
    })
    rename(params, 'tosURL', 'termsOfService')
    rename(params, 'privacyURL', 'privacyPolicy')
    rename(params, 'experimental_emailHint', 'email')
    if (params.requiredEmail) warn('requiredEmail is deprecated and ignored')
    delete params.requiredEmail
    if (!params.termsOfService !== !params.privacyPolicy) {
      warn('termsOfService and privacyPolicy are ignored, each needs the other')
      delete params.termsOfService
      delete params.privacyPolicy
    }
    for (const name of DISPLAY) {
      if (options[name]) warn(name + ' belongs to watch()')
      if (observers[name]) params[name] = observers[name]
    }
    return params
  }

  const compose = (options, rpAPI) => {
    const params = parameters(options, rpAPI)
    try {
      return JSON.stringify({ a: 'request', d: { method: 'get', params } })
    } catch (error) {
      throw invalid(error.message)
    }
  }

  const ask = (options, rpAPI) => {
    if (!host) throw failure('no_host', 'the script does not know its host')
    checkFunctions(options, ['oncancel'])
    if (talking()) {
      talk.dialog.focus()
      return talk.promise
    }
    const message = compose(options, rpAPI)
    const dialog = openDialog()
    if (dialog) {
      stored('setItem', message)
      return converse(dialog, message, options.oncancel)
    }
    const blocked = failure('popup_blocked', 'the browser allows the window only in a click')
    if (options.oncancel) setTimeout(options.oncancel, 0, blocked.code)
    const refused = Promise.reject(blocked)
    refused.catch(() => {})
    return refused
  }

  // ---- stateless mode: the site alone knows who is logged in ----

  const checkStateless = (/** @type {any} */ { onmatch, loggedInUser, loggedInEmail }) => {
    if (onmatch || loggedInUser !== undefined || loggedInEmail !== undefined) {
      throw invalid('onmatch and loggedInUser need onlogout')
    }
  }

  // ---- observer mode: the site hears of log-ins and log-outs elsewhere ----

  const observe = (/** @type {any} */ { loggedInUser, loggedInEmail }) => {
    if (loggedInEmail !== undefined) {
      if (loggedInUser !== undefined) throw invalid('give loggedInUser or loggedInEmail, not both')
      warn('loggedInEmail is deprecated, its name is loggedInUser')
    }
    const user = loggedInUser || loggedInEmail
    if (user && typeof user !== 'string' && !(user instanceof String)) {
      throw invalid('loggedInUser must be an address or null')
    }
    throw failure('observer_mode_unsupported', 'this version has no onlogout, leave it out')
  }

  // ---- navigator.id ----

  const checkThis = (self) => {
    if (self !== navigator.id) throw failure('wrong_this', 'call it as a method of navigator.id')
  }

  const enter = (name) => {
    if (api && api !== name) {
      throw failure('mixed_api', 'a page uses watch() and request(), or get(), not both')
    }
    api = name
  }

  const get = (callback, options, rpAPI) => {
    if (typeof callback !== 'function') throw invalid('callback must be a function')
    enter('get')
    if (options.silent) {
      warn('silent is deprecated, it gives null')
      setTimeout(callback, 0, null)
      return
    }
    if (!talking()) observers = Object.assign({}, options, { onlogin: callback })
    const passed = { oncancel: () => callback(null) }
    for (const name of GET) passed[name] = options[name]
    ask(passed, rpAPI)
  }

  Object.assign(id, {
    /**
     * Names the site's callbacks. Nothing is shown or fetched.
     * @param {navid.WatchOptions} options
     */
    watch(options) {
      checkThis(this)
      if (!options || typeof options !== 'object') return
      checkFunctions(options, ['onlogin', 'onlogout', 'onmatch', 'onready'])
      if (!options.onlogin) throw invalid('watch() needs onlogin')
      if (options.onlogout) observe(options)
      else checkStateless(options)
      enter('watch')
      observers = options
      if (options.onready) setTimeout(options.onready, 0)
    },

    /**
     * Opens the dialog, or focuses the one that is open.
     * @param {navid.RequestOptions} [options]
     * @returns {Promise<string>} the backed assertion, or a rejection with a code
     */
    request(options) {
      checkThis(this)
      if (!api) throw failure('watch_required', 'call watch() before request()')
      enter('watch')
      return ask(options || {}, 'stateless')
    },

    /**
     * Ends the session at this site. In stateless mode only the site has one.
     * @param {() => void} [callback]
     */
    logout(callback) {
      checkThis(this)
      if (typeof callback !== 'function') return
      warn('the callback of logout() is deprecated')
      setTimeout(callback, 0)
    },

    /**
     * @param {(assertion: string | null) => void} callback
     * @param {navid.GetOptions} [options]
     */
    get(callback, options) {
      get(callback, options || {}, 'get')
    },

    /** @param {(assertion: string | null) => void} callback */
    getVerifiedEmail(callback) {
      warn('getVerifiedEmail() is deprecated')
      get(callback, {}, 'getVerifiedEmail')
    },

    _shimmed: true,
  })
  if (!navigator.id) Object.assign(navigator, { id })
})()
