import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Repeatable chance: the same seed gives the same org. */
export interface Chance {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
  /** True in `percent` of a hundred cases. */
  in100(percent: number): boolean
}

export function chanceFrom(seed: number): Chance {
  const generator = xoroshiro128plus(seed)
  const between = (low: number, high: number) => uniformInt(generator, low, high)
  return {
    between,
    pick: (from) => from[between(0, from.length - 1)]!,
    in100: (percent) => between(1, 100) <= percent,
  }
}
