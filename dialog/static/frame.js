// @ts-check
/** The communication frame of observer mode (A9.2). */
export {}
