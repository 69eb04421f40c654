// navigator.id for sites: /agent.js, and /include.js for old verifiers. Reference: shim/README.md.
;(function () {
  'use strict'

  /** @type {Partial<NavigatorId>} */
  const id = navigator.id || {}
  if (id.request) return // a native implementation, or this script once more

  const attempt = (run) => {
    try {
      return run()
    } catch {
      return
    }
  }

  // <img name=currentScript> shadows the document's own, not its prototype's.
  const own = (name) => Reflect.get(Document.prototype, name, document)
  const create = (name) => Document.prototype.createElement.call(document, name)

  const script = own('currentScript')
  const { src = '', dataset = {} } = script instanceof HTMLScriptElement ? script : {}
  const { origin = 'null' } = attempt(() => new URL(dataset.host || src)) || {}
  const host = origin === 'null' ? '' : origin
  const isClassic = /\/include[^/]*$/.test(src.split('?')[0])
  const algorithms = isClassic ? ['RS256'] : ['RS256', 'ES256', 'EdDSA']

  const FEATURES = 'menubar=0,location=1,resizable=1,scrollbars=1,status=0,width=700,height=375'
  const DISPLAY = ['siteName', 'siteLogo', 'backgroundColor']
  const GET =
    'termsOfService privacyPolicy tosURL privacyURL email experimental_emailHint nonce algorithms'

  let api = '' // 'watch' or 'get': a page uses one of them
  let observers // the options of watch(), or what get() makes of its own
  let talk // the conversation with the dialog, while there is one

  const warn = (text) => console.warn('navigator.id: ' + text)
  const failure = (code, text) => Object.assign(new Error('navigator.id: ' + text), { code })
  const cancelled = () => failure('cancelled', 'nobody signed in')
  const invalid = (text) => failure('invalid_options', text)

  const parse = (text) => attempt(() => JSON.parse(text)) || {}
  const call = (name, value) => observers && observers[name] && observers[name](value)
  const isActive = () => navigator.userActivation && navigator.userActivation.isActive
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) =>
      n.toString(16).padStart(2, '0'),
    ).join('')

  // ---- what this tab remembers of earlier pages ----

  const REQUEST = 'navid.request' // what the open dialog was asked
  const REDIRECT = 'navid.redirect' // that the tab itself went to the dialog
  const OWED = 'navid.owes' // a log-out that the frame has not confirmed

  const storage = attempt(() => sessionStorage)
  const forget = (key) => attempt(() => storage.removeItem(key))
  const keep = (key, value) =>
    attempt(() => {
      storage.setItem(key, JSON.stringify({ ...value, time: Date.now() }))
      return true
    })
  const recall = (key, ms) => {
    const kept = parse(attempt(() => storage.getItem(key)))
    return Math.abs(Date.now() - kept.time) < ms ? kept : null
  }

  // ---- the way back, when the tab itself had gone to the dialog ----

  // Anybody can make up a fragment: it counts once, with the state that was kept.
  const takeReturn = () => {
    const fragment = new URLSearchParams(location.hash.slice(1)).get('navid')
    if (!fragment) return
    attempt(() => history.replaceState(history.state, '', location.href.split('#')[0]))
    const { state, assertion, error, text = '' } = parse(fragment)
    const sent = recall(REDIRECT, 9e5)
    if (!sent || sent.state !== state || sent.host !== host) return
    forget(REDIRECT)
    if (typeof assertion === 'string') return assertion
    warn(`no sign-in: ${error} ${text}`)
  }

  let returned = takeReturn() // an assertion for the next watch()
  let signedIn // before the frame was there

  // ---- the dialog ----

  // A click on a link sends no Referer and yet keeps the opener.
  const follow = (href, target) => {
    const link = create('a')
    Object.assign(link, { href, target, rel: 'opener', referrerPolicy: 'no-referrer' })
    link.click()
  }

  // At once, while the click counts; no other window has the name.
  const openDialog = () => {
    const name = 'navid_' + random()
    const dialog = window.open('', name, FEATURES)
    if (dialog) follow(host + '/sign_in', name)
    return dialog
  }

  // Leaves the page, if it can be found again.
  const redirect = (params) => {
    const state = random()
    forget(REQUEST)
    if (window !== parent || !keep(REDIRECT, { state, host })) return false
    const request = JSON.stringify({ origin: location.origin, state, params })
    follow(host + '/sign_in?REDIRECT#' + encodeURIComponent(request), '_self')
    return true
  }

  const converse = (dialog, params, oncancel) => {
    let resolve, reject
    const promise = new Promise((...both) => ([resolve, reject] = both))
    promise.catch(() => {}) // a site that uses callbacks need not handle it
    const end = (error, assertion, email, again = false) => {
      if (talk !== mine) return
      talk = null
      forget(REQUEST)
      if (email) tell('loggedInUser', email)
      tell('dialog_complete', again)
      if (!error) {
        resolve(assertion)
        return login(assertion, email)
      }
      reject(error)
      if (oncancel) oncancel(error.code)
    }
    const mine = { dialog, params, promise, end, isHeard: false }
    tell('dialog_running')
    return (talk = mine)
  }

  // An answer may come after the window has closed. One that was never heard of was hardly closed by
  // a person: so browsers show a window that they cut off.
  const look = (mine, onsevered, since = Date.now()) => {
    if (talk !== mine) return
    if (!mine.dialog.closed) setTimeout(look, 100, mine, onsevered, since)
    else if (mine.isHeard || Date.now() - since > 1e4) setTimeout(mine.end, 500, cancelled())
    else onsevered()
  }

  // Ends what was closed since the last look: this click is for a new dialog.
  const talking = () => {
    if (talk && talk.dialog && talk.dialog.closed) talk.end(cancelled())
    return talk
  }

  const answer = (a, d) => {
    if (a === 'ready') {
      talk.isHeard = true
      const message = { a: 'request', d: { method: 'get', params: talk.params } }
      talk.dialog.postMessage(JSON.stringify(message), host)
    } else if (a === 'response') {
      if (d && typeof d.assertion === 'string') talk.end(null, d.assertion, d.email)
      else talk.end(cancelled(), null, null, true)
    } else if (a === 'error') {
      const [, text] = /^improper usage of API: (?:Error: )?(.*)/s.exec(d) || []
      talk.end(text ? invalid(text) : cancelled())
    }
  }

  // The dialog of this very page, before it was reloaded.
  const adopt = (dialog) => {
    const kept = recall(REQUEST, 3e5)
    if (!kept) return
    forget(REQUEST)
    const mine = converse(dialog, kept.params)
    mine.isHeard = true
    look(mine)
  }

  addEventListener('message', ({ origin, source, data }) => {
    if (!host || origin !== host || typeof data !== 'string' || data.length > 65536) return
    const message = parse(data)
    if (frame && source && source === frame.contentWindow) return hear(message)
    const { a, d } = message
    if (!talk && source && a === 'ready' && api === 'watch') adopt(source)
    // From a page that is being left, browsers name no source.
    if (talk && talk.dialog && (source ? source === talk.dialog : a === 'error')) answer(a, d)
  })

  // ---- observer mode: a hidden frame of the host tells of log-ins and log-outs elsewhere ----

  const SCOPE = 'mozid_ni'
  let frame
  let isOpen = false // the frame is there and hears
  let isAsked = false // the frame was asked to check who is logged in
  let isChecked = false // and has done so
  let isQuiet = false // the site has heard the outcome: of several, one counts
  let timer // while onready is due
  let leaving // while an onlogout is due, a timer as well
  const callbacks = [] // of logout()
  let user // who is logged in, as the site says; undefined is no word

  const observing = () => observers && observers.onlogout
  const post = (message) =>
    attempt(() => frame.contentWindow.postMessage(JSON.stringify(message), host))
  const tell = (name, params) => isOpen && post({ method: SCOPE + '::' + name, params })

  const openFrame = () => {
    if (frame || !host || !storage) return
    frame = create('iframe')
    Object.assign(frame, {
      src: host + '/communication_iframe',
      name: 'navid_' + random(),
      title: 'navigator.id',
      allow: 'storage-access',
      referrerPolicy: 'no-referrer',
    })
    frame.style.display = 'none'
    own('documentElement').append(frame) // there may be no body yet
    // A click that leads away is somebody's doing, too.
    addEventListener('pagehide', () => isActive() && forgetEvents())
  }

  const introduce = () => {
    if (!isOpen) return
    if (observing()) {
      tell('options', {
        nonce: observers.nonce,
        algorithms: observers.algorithms || algorithms,
        signedIn,
      })
      signedIn = undefined
      if (user !== undefined) tell('loggedInUser', user)
      if (talk) tell('dialog_running')
    }
    if (recall(OWED, 36e5)) payLogout()
    if (observing() && !isAsked) {
      isAsked = true
      post({ id: 1, method: SCOPE + '::loaded' })
    }
  }

  // The page may leave before the frame hears. Of no news the frame says nothing.
  const payLogout = () => {
    if (isOpen && user === null) forget(OWED)
    else keep(OWED)
    tell('logout')
  }

  const ready = () => {
    if (!timer) return
    timer = 0
    call('onready')
  }

  const forgetEvents = () => ['navid.login', 'navid.logout'].forEach(forget)

  // Callbacks may reload the page, for ever: what comes again so soon, without a click, is dropped.
  const repeats = (name) => {
    const isLoop = recall('navid.' + name, 5000) && !isActive()
    if (isLoop) warn('loop: on' + name + ' again within 5 seconds, dropped')
    else keep('navid.' + name)
    return isLoop
  }

  const login = (assertion, email) => {
    user = email
    isQuiet = !isChecked
    forget(OWED)
    if (!isOpen) signedIn = true
    if (observing()) {
      forgetEvents()
      keep('navid.login')
    }
    call('onlogin', assertion)
  }

  const loggedOut = () => {
    clearTimeout(leaving)
    leaving = 0
    callbacks.splice(0).forEach((callback) => setTimeout(callback, 0))
    if (user === null || !observing() || repeats('logout')) return
    user = null
    call('onlogout')
  }

  const EVENTS = {
    __proto__: null,
    login: (assertion) => typeof assertion === 'string' && !repeats('login') && login(assertion),
    logout: loggedOut,
    match: () => call('onmatch'),
  }

  const hear = ({ id, method, params }) => {
    const [scope, name] = String(method).split('::')
    if (name === 'logout') forget(OWED)
    if (id === 1) {
      isChecked = true
      isQuiet = false
      ready()
    } else if (scope !== SCOPE) {
      return
    } else if (name === '__ready' && params === 'ping') {
      isOpen = true
      tell(name, 'pong')
      introduce()
    } else if (EVENTS[name] && (leaving || (observing() && !isQuiet))) {
      isQuiet = !isChecked
      EVENTS[name](params)
    }
  }

  // ---- what the site asks for ----

  const checkFunctions = (options, names) => {
    for (const name of names) {
      if (options[name] && typeof options[name] !== 'function') {
        throw invalid(name + ' must be a function')
      }
    }
  }

  const rename = (params, from, to) => {
    if (params[from] === undefined) return
    if (params[to] !== undefined) throw invalid(`give ${to} or its old name ${from}, not both`)
    warn(`${from} is deprecated, its name is ${to}`)
    params[to] = params[from]
    delete params[from]
  }

  // A2.4 to A2.6
  const readUser = (/** @type {any} */ { onlogout, onmatch, ...given }) => {
    rename(given, 'loggedInEmail', 'loggedInUser')
    const user = given.loggedInUser === false ? null : given.loggedInUser
    if (!onlogout && (onmatch || user !== undefined)) {
      throw invalid('onmatch and loggedInUser need onlogout')
    }
    if (user == null) return user
    if (typeof user === 'string' || user instanceof String) return String(user)
    throw invalid('loggedInUser must be an address or null')
  }

  const parameters = (options, rpAPI) => {
    const params = {
      ...options,
      nonce: options.nonce || observers.nonce,
      returnTo: options.returnTo || location.pathname,
      algorithms: options.algorithms || observers.algorithms || algorithms,
      rp_api: rpAPI,
    }
    rename(params, 'tosURL', 'termsOfService')
    rename(params, 'privacyURL', 'privacyPolicy')
    rename(params, 'experimental_emailHint', 'email')
    if (params.requiredEmail) warn('requiredEmail is deprecated and ignored')
    delete params.requiredEmail
    delete params.mode
    if (!params.termsOfService !== !params.privacyPolicy) {
      warn('termsOfService and privacyPolicy are ignored, each needs the other')
      delete params.termsOfService
      delete params.privacyPolicy
    }
    for (const name of DISPLAY) {
      if (options[name]) warn(name + ' belongs to watch()')
      if (observers[name]) params[name] = observers[name]
    }
    const text = attempt(() => JSON.stringify(params))
    if (!text || text.length > 195e3) throw invalid('the options are too long, or no plain data')
    return params
  }

  // Opens the dialog; where there are no windows, the page itself goes.
  const begin = (params, mode, oncancel) => {
    const wasActive = isActive()
    const dialog = mode === 'redirect' ? null : openDialog()
    const mayLeave = mode ? mode === 'redirect' : dialog || wasActive
    const mine = converse(dialog, params, oncancel)
    const leave = (code, text) => {
      mine.dialog = null
      if (mayLeave && redirect(params))
        setTimeout(mine.end, 10000, cancelled()) // still here
      else setTimeout(mine.end, 0, failure(code, text))
    }
    const severed = () => leave('severed', 'the page is cut off from the dialog')
    if (dialog) {
      keep(REQUEST, { params })
      look(mine, severed)
    } else if (mode === 'redirect') severed()
    else leave('popup_blocked', 'the window needs a click')
    return mine.promise
  }

  const ask = (options, rpAPI, mode) => {
    if (!host) throw failure('no_host', 'the script does not know its host')
    checkFunctions(options, ['oncancel'])
    if (mode && mode !== 'popup' && mode !== 'redirect') throw invalid('mode: popup or redirect')
    if (!talking()) return begin(parameters(options, rpAPI), mode, options.oncancel)
    if (talk.dialog) talk.dialog.focus()
    return talk.promise
  }

  // ---- navigator.id ----

  const checkThis = (self) => {
    if (self !== navigator.id) throw failure('wrong_this', 'call it as a method of navigator.id')
  }

  const enter = (name) => {
    if (api && api !== name) {
      throw failure('mixed_api', 'use watch() and request(), or get()')
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
    if (!talking()) observers = { ...options, onlogin: callback }
    const passed = { oncancel: () => callback(null) }
    for (const name of GET.split(' ')) passed[name] = options[name]
    return ask(passed, rpAPI, 'popup')
  }

  /** @type {Partial<NavigatorId>} */
  const methods = {
    watch(options) {
      checkThis(this)
      if (!options || typeof options !== 'object') return
      checkFunctions(options, ['onlogin', 'onlogout', 'onmatch', 'onready'])
      if (!options.onlogin) throw invalid('watch() needs onlogin')
      const given = readUser(options)
      enter('watch')
      observers = options
      user = given
      if (returned) setTimeout(login, 0, returned)
      returned = ''
      if (observing()) openFrame()
      introduce()
      clearTimeout(timer)
      timer = setTimeout(ready, observing() && frame && !isChecked ? 2000 : 0)
    },

    request(options) {
      checkThis(this)
      if (!api) throw failure('watch_required', 'call watch() before request()')
      enter('watch')
      const observer = observers.onready ? 'watch_with_onready' : 'watch_without_onready'
      const given = options || {}
      return ask(given, observing() ? observer : 'stateless', given.mode)
    },

    logout(callback) {
      checkThis(this)
      let ms = 0
      if (!observers || observing()) {
        openFrame()
        payLogout()
        if (frame) ms = 2000
      }
      clearTimeout(leaving)
      leaving = setTimeout(loggedOut, ms)
      if (typeof callback !== 'function') return
      warn('logout(callback) is deprecated')
      callbacks.push(callback)
    },

    get(callback, options) {
      return get(callback, options || {}, 'get')
    },

    getVerifiedEmail(callback) {
      warn('getVerifiedEmail() is deprecated')
      return get(callback, {}, 'getVerifiedEmail')
    },

    _shimmed: true,
  }
  Object.assign(id, methods)
  if (!navigator.id) Object.assign(navigator, { id })
})()
