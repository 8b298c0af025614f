// Answers that many calls in one make up, piece by piece, so that other callers are answered in between.

import { setImmediate as turn } from 'node:timers/promises'

/** Work that yields where others may be served, and returns what it comes to. */
export type Pieces<T> = Generator<undefined, T>

export const isPieces = <T extends object>(answer: T | Pieces<T>): answer is Pieces<T> => Symbol.iterator in answer

/** All pieces without a break, as a transaction needs them. */
export function atOnce<T>(pieces: Pieces<T>): T {
  for (;;) {
    const step = pieces.next()
    if (step.done === true) return step.value
  }
}

/** Waiting callers have their turn after each piece. */
export async function inTurns<T>(pieces: Pieces<T>): Promise<T> {
  for (;;) {
    const step = pieces.next()
    if (step.done === true) return step.value
    await turn()
  }
}
