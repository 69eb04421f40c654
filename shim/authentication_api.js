// navigator.id for an identity provider's authentication page. Reference: shim/README.md.
;(function () {
  'use strict'

  /** @type {Partial<NavigatorId>} */
  const id = navigator.id || {}
  if (id.beginAuthentication) return // a native implementation, or this script once more

  // Markup such as <img name=currentScript> shadows document.currentScript, not the prototype's.
  const script = Reflect.get(Document.prototype, 'currentScript', document)
  const url =
    script instanceof HTMLScriptElement && script.src
      ? new URL(script.dataset.host || script.src)
      : null
  const host = url && url.origin !== 'null' ? url.origin : ''

  const failure = (code, text) => Object.assign(new Error('navigator.id: ' + text), { code })

  const goBack = (query) => {
    if (!host) throw failure('no_host', 'the script does not know its host')
    location.assign(host + '/sign_in?' + query)
  }
  const cancel = () => goBack('AUTH_RETURN_CANCEL')

  Object.assign(id, {
    /** @param {(email: string | null) => void} callback */
    beginAuthentication(callback) {
      if (typeof callback !== 'function') {
        throw failure('invalid_options', 'beginAuthentication() needs a callback')
      }
      // A plus sign belongs to the address; some agents do not encode it.
      const query = new URLSearchParams(location.search.replace(/\+/g, '%2B'))
      setTimeout(callback, 0, query.get('email'))
    },

    completeAuthentication() {
      goBack('AUTH_RETURN')
    },

    raiseAuthenticationFailure: cancel,
    cancelAuthentication: cancel,
  })
  if (!navigator.id) Object.assign(navigator, { id })
})()
