// @ts-check
/** Loads the agent: the Go program in agent.wasm, which is one global once it runs. */

/** Longest pause in the download, and longest start, in milliseconds: every wait has a bound. */
const STALLED = 20_000

/** Where Go's glue and the agent put what they define. */
const page = /** @type {any} */ (globalThis)

/**
 * @typedef {object} Agent
 * @property {(options: { algorithms: unknown }) => void} prepare
 * @property {(
 *   request: { origin: string, params: object, now: number },
 *   page: {
 *     ask: (screen: import('./screens.js').Screen) => Promise<import('./screens.js').Answer>,
 *     openWindow: () => Window | null,
 *     journey?: import('./redirect.js').Journey,
 *   },
 * ) => Promise<SignedIn>} signIn
 * @property {(email: string) => Promise<void>} remove
 * @property {(email: string) => Promise<HandedOver>} bridge
 * @property {(request: SilentRequest, key: CryptoKeyPair) => Promise<string>} assert
 */
/**
 * @typedef {object} HandedOver what is kept of an address
 * @property {string} certificate
 * @property {string} thumbprint of the certified key
 * @property {string} authority
 * @property {number} expires the certificate's end, in the login host's milliseconds
 * @property {CryptoKeyPair} key
 */
/**
 * @typedef {object} SilentRequest
 * @property {string} origin
 * @property {object} params `nonce` and `algorithms`, as the site wrote them
 * @property {number} now the login host's time in milliseconds
 * @property {string} email
 * @property {string} certificate
 * @property {string} thumbprint
 */
/** @typedef {{ assertion: string, email: string, authority: string, notMyDevice: boolean, notice: string }} SignedIn */

/** @type {ReturnType<typeof loadAgent> | undefined} */
let running

/** The agent, started once; one that has failed to start, or has crashed, is started anew. */
export function runningAgent() {
  if (!running) {
    running = loadAgent({ wasm: meta('navid-agent'), wasmExec: meta('navid-wasm-exec') })
    running.then(({ crashed }) => crashed).catch(() => (running = undefined))
  }
  return running
}

/**
 * What the document says in a meta element.
 *
 * @param {string} name
 */
export function meta(name) {
  return /** @type {HTMLMetaElement} */ (document.querySelector(`meta[name=${name}]`)).content
}

/**
 * Loads and starts the agent.
 *
 * @param {{ wasm: string, wasmExec: string }} urls of agent.wasm, and of Go's glue for it
 * @returns {Promise<{ agent: Agent, crashed: Promise<never> }>} crashed: rejects when the program
 *   ends, which it never does by itself
 * @throws {Error} with the `code` browser_too_old, host_unreachable or internal
 */
async function loadAgent({ wasm, wasmExec }) {
  if (typeof WebAssembly !== 'object' || !WebAssembly.instantiateStreaming) {
    throw coded('browser_too_old', new Error('no streaming WebAssembly'))
  }
  const response = await fetched(wasm)
  await import(wasmExec).catch((cause) => {
    throw coded('host_unreachable', cause)
  })
  const go = new page.Go()
  const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject).catch(
    (cause) => {
      throw coded(
        cause instanceof WebAssembly.CompileError ? 'browser_too_old' : 'host_unreachable',
        cause,
      )
    },
  )
  return started(go, instance)
}

/** @param {string} url */
async function fetched(url) {
  const stall = new AbortController()
  const { signal } = stall
  let timer = setTimeout(() => stall.abort(), STALLED)
  try {
    const response = await fetch(url, { priority: 'low', signal })
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
    const watch = new TransformStream({
      transform(chunk, controller) {
        clearTimeout(timer)
        timer = setTimeout(() => stall.abort(), STALLED)
        controller.enqueue(chunk)
      },
      flush: () => clearTimeout(timer),
    })
    return new Response(response.body.pipeThrough(watch, { signal }), {
      headers: { 'Content-Type': 'application/wasm' },
    })
  } catch (cause) {
    clearTimeout(timer)
    throw coded('host_unreachable', cause)
  }
}

/**
 * @param {any} go
 * @param {WebAssembly.Instance} instance
 */
async function started(go, instance) {
  /** @type {Promise<void>} */
  const ready = new Promise((resolve) => (page.navidAgentReady = resolve))
  const crashed = go.run(instance).then(
    () => Promise.reject(coded('internal', new Error('the agent has ended'))),
    (/** @type {unknown} */ cause) => Promise.reject(coded('internal', cause)),
  )
  crashed.catch(() => {}) // whoever waits for it says so by racing
  await Promise.race([ready, crashed, tooLong()])
  return { agent: /** @type {Agent} */ (page.navidAgent), crashed }
}

/** @returns {Promise<never>} */
function tooLong() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(coded('internal', new Error('the agent does not start'))), STALLED)
  })
}

/**
 * @param {string} code of agent/errors.go
 * @param {unknown} cause
 */
function coded(code, cause) {
  return Object.assign(new Error(code, { cause }), { code })
}
