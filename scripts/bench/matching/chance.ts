import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Repeatable chance: the same seed gives the same draws on every machine. */
export class Chance {
  readonly #generator: ReturnType<typeof xoroshiro128plus>

  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed)
  }

  /** Whole number from 0 to below `count`. */
  below(count: number): number {
    return uniformInt(this.#generator, 0, count - 1)
  }

  /** True in `share` of all calls, to a thousandth. */
  happens(share: number): boolean {
    return this.below(1_000) < share * 1_000
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  shuffled<T>(items: readonly T[]): T[] {
    const all = [...items]
    for (let at = all.length - 1; at > 0; at--) {
      const other = this.below(at + 1)
      const [x, y] = [all[at], all[other]]
      if (x !== undefined && y !== undefined) [all[at], all[other]] = [y, x]
    }
    return all
  }
}
