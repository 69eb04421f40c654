// @ts-check
/**
 * The screens before the agent is there. Nobody waits for WebAssembly (design 2.7): the page asks
 * what the agent will ask first, and keeps each answer for the question it belongs to.
 */

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Answer} Answer */

/**
 * @param {Screen} first what the agent will ask first
 * @param {string[]} known the addresses of this browser
 * @param {(screen: Screen) => Promise<Answer>} ask
 * @param {() => void} onCancel told when the person gives up before the agent has asked anything
 */
export function createPrelude(first, known, ask, onCancel) {
  /** @type {{ screen: string, answer: Promise<Answer> }[]} */
  let asked = []

  /** @param {Screen} screen */
  async function run(screen) {
    const entry = { screen: screen.screen, answer: ask(screen) }
    asked.push(entry)
    const answer = await entry.answer
    if (!asked.includes(entry)) return // the agent has it
    const next = following(answer, known)
    if (next) run(next)
    else if (answer.action === 'cancel') onCancel()
  }
  run(first)

  return {
    /**
     * The answer to the agent's question if it has been asked here already. It may be still to
     * come; then the agent takes over from there.
     *
     * @param {Screen} screen
     * @returns {Promise<Answer> | undefined}
     */
    answerTo(screen) {
      if (asked[0]?.screen === screen.screen) return asked.shift()?.answer
      asked = []
      return undefined
    },
    /** Forgets all answers: another screen has come between. */
    stop() {
      asked = []
    },
  }
}

/**
 * What the agent will ask after an answer, where that needs no agent to know.
 *
 * @param {Answer} answer
 * @param {string[]} known
 * @returns {Screen | undefined}
 */
function following({ action }, known) {
  if (action === 'other') return { screen: 'enter', canGoBack: true }
  if (action === 'back') return { screen: 'pick', identities: known }
  return undefined
}
