// navigator.id for an identity provider's provisioning page. Reference: shim/README.md.
;(function () {
  'use strict'

  /** @type {Partial<NavigatorId>} */
  const id = navigator.id || {}
  if (id.beginProvisioning) return // a native implementation, or this script once more

  // Markup such as <img name=currentScript> shadows document.currentScript, not the prototype's.
  const script = Reflect.get(Document.prototype, 'currentScript', document)
  const url =
    script instanceof HTMLScriptElement && script.src
      ? new URL(script.dataset.host || script.src)
      : null
  const host = url && url.origin !== 'null' ? url.origin : ''
  const agent = window.opener || window.parent // the page that opened this window or holds this frame
  const isAlone = agent === window

  const SCOPE = 'vep_prov::'
  const queue = [] // messages that wait until the agent has shown itself
  const callbacks = new Map() // by the number of the call
  let number = Math.floor(Math.random() * 1e6)
  let ready = false

  const failure = (code, text) => Object.assign(new Error('navigator.id: ' + text), { code })

  const parse = (data) => {
    try {
      return (typeof data === 'string' && data.length <= 65536 && JSON.parse(data)) || {}
    } catch {
      return {}
    }
  }

  // ---- by redirect, where this page's Cross-Origin-Opener-Policy has cut the window off, or where
  // the browser has no windows: the question came in the fragment, the answer goes back in one ----

  let asked // the question, if this is how it came
  let isAnswered = false

  const fragment = new URLSearchParams(location.hash.slice(1)).get('navid')
  if (fragment) {
    history.replaceState(null, '', location.pathname + location.search)
    // Any page can send people here with a key of its own. It can hide the Referer, not forge it.
    const referrer = Reflect.get(Document.prototype, 'referrer', document)
    if (host && isAlone && referrer.startsWith(host + '/')) {
      asked = parse(fragment)
    } else if (isAlone) {
      console.error('navigator.id: it was not ' + (host || 'the host') + ' that sent people here')
    }
  }

  const goBack = (result) => {
    if (isAnswered) return
    isAnswered = true
    const answer = encodeURIComponent(JSON.stringify({ attempt: asked.attempt, ...result }))
    location.replace(host + '/sign_in?PROVISION_RETURN#navid=' + answer)
  }

  // ---- by messages, in a frame or a window of the agent's ----

  const post = (message) => agent.postMessage(JSON.stringify(message), host)
  const flush = () => queue.splice(0).forEach(post)
  const send = (message) => {
    if (!host) throw failure('no_host', 'the script does not know its host')
    queue.push(message)
    if (ready) flush()
  }

  const call = (name, callback, give = callback) => {
    if (typeof callback !== 'function') {
      throw failure('invalid_options', name + '() needs a callback')
    }
    if (asked) {
      setTimeout(give, 0, name === 'genKeyPair' ? asked.publicKey : asked)
      return
    }
    callbacks.set(++number, give)
    send({ id: number, method: SCOPE + name })
  }

  const answer = ({ id, result, error, message }) => {
    const give = callbacks.get(id)
    if (!give) return
    callbacks.delete(id)
    if (error) console.error('navigator.id: ' + error + ': ' + message)
    else give(result)
  }

  addEventListener('message', ({ source, origin, data }) => {
    if (origin !== host || source !== agent) return
    const message = parse(data)
    if (message.method !== SCOPE + '__ready') return answer(message)
    if (message.params === 'ping') post({ method: SCOPE + '__ready', params: 'pong' })
    ready = true
    flush()
  })

  Object.assign(id, {
    /** @param {(email: string, certDurationSeconds: number) => void} callback */
    beginProvisioning(callback) {
      call('beginProvisioning', callback, (result) =>
        callback(result.email, result.cert_duration_s),
      )
    },

    /** @param {(publicKey: string) => void} callback */
    genKeyPair(callback) {
      call('genKeyPair', callback)
    },

    /** @param {string} certificate */
    registerCertificate(certificate) {
      if (typeof certificate !== 'string') {
        throw failure('invalid_options', 'registerCertificate() needs a string')
      }
      if (asked) goBack({ certificate })
      else send({ method: SCOPE + 'registerCertificate', params: certificate })
    },

    /** @param {string} reason */
    raiseProvisioningFailure(reason) {
      const text = String(reason || '')
      if (asked) goBack({ failure: text })
      else send({ method: SCOPE + 'raiseProvisioningFailure', params: text })
    },
  })
  if (!navigator.id) Object.assign(navigator, { id })

  // Opened by hand, the page has nobody to greet.
  if (host && !isAlone) post({ method: SCOPE + '__ready', params: 'ping' })
})()
