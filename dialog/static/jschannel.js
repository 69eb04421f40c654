// @ts-check
/**
 * The child's end of a jschannel (A9.1), as Persona spoke it: JSON strings, between a frame and the
 * page that embeds it.
 *
 * The parent is the only window heard, and the first message of the channel fixes its origin: the
 * only one that is heard and answered from then on (A9.5).
 */

/** Longest message looked at, in UTF-16 units. */
const MAX_LENGTH = 65_536

/** @typedef {(params: unknown) => unknown} Method what a call returns, or promises, is its answer */

/**
 * Opens the channel.
 *
 * @param {Window} window the frame's
 * @param {string} scope what the names of all methods begin with
 * @param {Record<string, Method>} methods what the parent may call, or notify of
 */
export function openChannel(window, scope, methods) {
  const { parent } = window
  /** @type {string | undefined} */
  let origin

  /** @param {object} message */
  function post(message) {
    if (origin !== undefined) parent.postMessage(JSON.stringify(message), origin)
  }

  /**
   * @param {string} name
   * @param {unknown} [params]
   */
  function notify(name, params) {
    post({ method: `${scope}::${name}`, params })
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {unknown} params
   */
  async function answer(id, name, params) {
    const method = Object.hasOwn(methods, name) && methods[name]
    if (!method) return post({ id, error: 'unsupported', message: `${name} is not supported here` })
    try {
      post({ id, result: (await method(params)) ?? true })
    } catch (cause) {
      post({ id, error: 'failed', message: String(cause) })
    }
  }

  window.addEventListener('message', (event) => {
    if (event.source !== parent || (origin ?? event.origin) !== event.origin) return
    const message = parse(event.data, scope)
    if (!message || event.origin === 'null') return // pages without an origin cannot be told apart
    origin = event.origin
    const { id, name, params } = message
    if (name === '__ready') {
      if (params === 'ping') notify('__ready', 'pong')
    } else if (id !== undefined) answer(id, name, params)
    else if (Object.hasOwn(methods, name)) methods[name](params)
  })
  // It says nothing but that the frame hears, and whom is not known yet (design 9).
  parent.postMessage(JSON.stringify({ method: `${scope}::__ready`, params: 'ping' }), '*')

  return {
    notify,
    /** The parent's origin, once it has spoken. */
    origin: () => origin,
  }
}

/**
 * @param {unknown} data
 * @param {string} scope
 * @returns {{ id?: number, name: string, params: unknown } | undefined} a call (with an id) or a
 *   notification of this channel, else undefined
 */
function parse(data, scope) {
  if (typeof data !== 'string' || data.length > MAX_LENGTH) return undefined
  try {
    const { id, method, params } = JSON.parse(data)
    if (typeof method !== 'string' || !method.startsWith(`${scope}::`)) return undefined
    if (id !== undefined && !Number.isSafeInteger(id)) return undefined
    return { id, name: method.slice(scope.length + 2), params }
  } catch {
    return undefined // not a message of ours
  }
}
