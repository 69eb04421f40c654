// navigator.id for an identity provider's provisioning page. Reference: shim/README.md.
;(function () {
  'use strict'

  /** @type {Partial<NavigatorId>} */
  const id = navigator.id || {}
  if (id.beginProvisioning) return // a native implementation, or this script once more

  // Markup such as <img name=currentScript> shadows document.currentScript, not the prototype's.
  const script = Reflect.get(Document.prototype, 'currentScript', document)
  const url = script instanceof HTMLScriptElement && script.src ? new URL(script.src) : null
  const host = url && url.origin !== 'null' ? url.origin : ''
  const agent = window.opener || window.parent // the page that opened this window or holds this frame

  const SCOPE = 'vep_prov::'
  const queue = [] // messages that wait until the agent has shown itself
  const callbacks = new Map() // by the number of the call
  let number = Math.floor(Math.random() * 1e6)
  let ready = false

  const failure = (code, text) => Object.assign(new Error('navigator.id: ' + text), { code })

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
    callbacks.set(++number, give)
    send({ id: number, method: SCOPE + name })
  }

  const parse = (data) => {
    try {
      return (typeof data === 'string' && data.length <= 65536 && JSON.parse(data)) || {}
    } catch {
      return {}
    }
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
      send({ method: SCOPE + 'registerCertificate', params: certificate })
    },

    /** @param {string} reason */
    raiseProvisioningFailure(reason) {
      send({ method: SCOPE + 'raiseProvisioningFailure', params: String(reason || '') })
    },
  })
  if (!navigator.id) Object.assign(navigator, { id })

  // Opened by hand, the page has nobody to greet.
  if (host && agent !== window) post({ method: SCOPE + '__ready', params: 'ping' })
})()
