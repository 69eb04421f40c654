// @ts-check
/**
 * A sign-in without windows (design 5): the tab itself goes to the provider's pages and comes
 * back, and each time the dialog's page begins anew. What the site asked for, what the person
 * answered and what the provider said is kept in the tab's session storage, and played back to the
 * agent, which begins from the start and notices nothing.
 */

/** @typedef {import('./screens.js').Screen} Screen */
/** @typedef {import('./screens.js').Answer} Answer */
/** @typedef {{ origin: string, state: string, params: Record<string, unknown> }} Request */
/** @typedef {'provision' | 'authenticate'} Visit which page of the provider's */
/** @typedef {{ certificate?: string, failure?: string, cancelled?: boolean }} Outcome of a visit */
/** @typedef {({ kind: 'answer', screen: string, answer: Answer } | { kind: Visit } & Outcome)} Step */
/**
 * @typedef {object} Log
 * @property {1} version
 * @property {Request} request
 * @property {string} attempt names the pending key; no other tab can guess it
 * @property {Step[]} steps
 * @property {Visit} [away] where the tab has gone
 * @property {boolean} [isBack] the tab has come back from there, and the dialog not yet gone on
 * @property {number} time of the last step
 */

/** @typedef {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} Kept the tab's session storage */

const KEY = 'navid.journey'
const VERSION = 1

/** How long a journey may rest, in milliseconds. */
const LIFE = 10 * 60_000

/** More steps than anybody takes: who goes round in circles begins anew. */
const MAX_STEPS = 50

/** The questions whose answers are played back. The others depend on the moment. */
const REPLAYED = ['enter', 'pick']

/** Of these only the answers that lead on: giving up must find the pending key, to forget it. */
const LEADS_NOWHERE = ['remove', 'cancel']

/**
 * Begins a journey, or goes on with the one that this tab is on. Answers are played back only where
 * a visit has just come to its end: whoever comes here otherwise, by the browser's Back or by a
 * link of anybody's, long after the person has given up, is asked again.
 *
 * @param {Kept} storage
 * @param {Request} [request] what a site asks for; without one there must be a journey
 */
export function takeJourney(storage, request) {
  const log = request ? begun(request) : read(storage)
  if (!log) return undefined
  const journey = createJourney(storage, { ...log, isBack: false })
  if (!log.isBack) journey.restart()
  return journey
}

/**
 * Notes what a visit to the provider came to, in a tab that is on a journey and has gone there.
 *
 * @param {Kept} storage
 * @param {Visit} visit
 * @param {Outcome & { attempt?: string }} outcome attempt: whose answer it is, where that is known
 * @returns {boolean} whether the tab is to go on with its journey
 */
export function arrive(storage, visit, { attempt, ...outcome }) {
  const log = read(storage)
  if (log?.away !== visit || (visit === 'provision' && attempt !== log.attempt)) return false
  const steps = [...log.steps, { kind: visit, ...outcome }]
  write(storage, { ...log, away: undefined, isBack: true, steps })
  return true
}

/**
 * Forgets what an abandoned journey has left in this tab, if it is too old to be taken up again, or
 * the device is not the person's own (G6).
 *
 * @param {Kept} storage
 */
export function forgetAbandoned(storage) {
  const isStranger = read(storage)?.steps.some(
    (step) => 'answer' in step && step.answer.notMyDevice,
  )
  if (isStranger) forgetJourney(storage)
}

/**
 * Forgets the journey of this tab. A window that a page of the tab opens has a copy of its own.
 *
 * @param {Kept} storage
 */
export function forgetJourney(storage) {
  storage.removeItem(KEY)
}

/**
 * @param {Kept} storage
 * @param {Log} log
 */
export function createJourney(storage, log) {
  let next = 0 // the step to be played back
  write(storage, log)

  /**
   * Goes on with another pending key, which nobody has seen.
   *
   * @param {Step[]} steps from here on
   */
  function anew(steps) {
    log = { ...log, attempt: crypto.randomUUID(), steps }
    next = steps.length
    write(storage, log)
  }

  /**
   * Another answer may lead to another provider, and no two shall see the same key.
   *
   * @param {Step} answer
   */
  function add(answer) {
    const before = log.steps.length < MAX_STEPS ? log.steps.slice(0, next) : []
    anew([...before, answer])
  }

  /** @param {(step: Step) => boolean} fits */
  function replay(fits) {
    const step = log.steps[next]
    if (!step || !fits(step)) return undefined
    next++
    return step
  }

  return {
    request: log.request,
    get attempt() {
      return log.attempt
    },
    /** Whether something is still to be played back. */
    get isReplaying() {
      return next < log.steps.length
    },
    /** The agent begins from the start. */
    rewind() {
      next = 0
    },
    /** The person wants to begin from the start. */
    restart() {
      anew([])
    },
    /**
     * @param {Screen} screen
     * @returns {Answer | undefined} what the person has answered already
     */
    answerTo({ screen }) {
      const step = replay((step) => step.kind === 'answer' && step.screen === screen)
      return step && 'answer' in step ? step.answer : undefined
    },
    /**
     * Notes an answer. Back, from a question that is not played back, leads to the first one;
     * Retry asks the provider anew.
     *
     * @param {Screen} screen
     * @param {Answer} answer
     */
    note({ screen }, answer) {
      if (answer.action === 'retry') anew(log.steps.filter(({ kind }) => kind === 'answer'))
      else if (!REPLAYED.includes(screen)) answer.action === 'back' && anew([])
      else if (!LEADS_NOWHERE.includes(answer.action)) add({ kind: 'answer', screen, answer })
    },
    /**
     * @param {Visit} visit
     * @returns {Outcome | null} what the visit came to; null: the tab has yet to go there
     */
    take: (visit) =>
      /** @type {Outcome | undefined} */ (replay(({ kind }) => kind === visit)) ?? null,
    /** @param {Visit} visit where the tab goes now */
    depart(visit) {
      log = { ...log, steps: log.steps.slice(0, next), away: visit }
      write(storage, log)
    },
    end: () => forgetJourney(storage),
  }
}

/**
 * @param {Request} request
 * @returns {Log}
 */
function begun(request) {
  return {
    version: VERSION,
    request,
    attempt: crypto.randomUUID(),
    steps: [],
    time: 0,
  }
}

/**
 * @param {Kept} storage
 * @returns {Log | undefined}
 */
function read(storage) {
  try {
    const log = JSON.parse(storage.getItem(KEY) ?? 'null')
    const age = Date.now() - log.time
    if (log.version === VERSION && 0 <= age && age < LIFE) return log
  } catch {
    // not ours, or none
  }
  forgetJourney(storage)
  return undefined
}

/**
 * @param {Kept} storage
 * @param {Log} log
 */
function write(storage, log) {
  storage.setItem(KEY, JSON.stringify({ ...log, time: Date.now() }))
}
