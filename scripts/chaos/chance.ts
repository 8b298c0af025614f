import { createHash } from 'node:crypto'

/** A number from 0 up to 1 that depends on the seed and the name alone, not on the order or the time of asking. */
export function chance(seed: number, ...name: readonly (string | number)[]): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, ...name]))
    .digest()
  return hash.readUInt32BE(0) / 2 ** 32
}

/** One of the choices, in proportion to their weights. */
export function pick<T>(choices: readonly (readonly [weight: number, choice: T])[], at: number): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0)
  let left = at * total
  for (const [weight, choice] of choices) {
    left -= weight
    if (left < 0) return choice
  }
  return choices.at(-1)![1]
}
