// The population stability index: how far the shares of values in one window are from those in another.

/** How many runs had each value. */
export type Counts = ReadonlyMap<string, number>

interface Stability {
  /** 0 for the same shares; 0.1 is a small shift, 0.25 a large one. */
  index: number
  /** The index that two samples of these sizes from one distribution do not reach, but by a rare chance. */
  chance: number
}

/** A value that one window lacks counts as half a run there: the index of a share of zero would have no end. */
const HALF = 0.5
/** Standard deviations above the mean that the index has by chance. */
const RARE = 8

const sum = (counts: Counts): number => [...counts.values()].reduce((total, count) => total + count, 0)

/** Compares two windows; of an empty one everything is chance. */
export function stabilityOf(reference: Counts, window: Counts): Stability {
  const values = new Set([...reference.keys(), ...window.keys()])
  const [before, now] = [sum(reference), sum(window)]
  if (before === 0 || now === 0) return { index: 0, chance: Number.POSITIVE_INFINITY }
  const share = (counts: Counts, total: number, value: string) =>
    ((counts.get(value) ?? 0) + HALF) / (total + HALF * values.size)
  let index = 0
  for (const value of values) {
    const [expected, found] = [share(reference, before, value), share(window, now, value)]
    index += (found - expected) * Math.log(found / expected)
  }
  // Of samples of one distribution, the index over (1/n + 1/m) is about chi-squared with one degree less than there are values.
  const free = values.size - 1
  return { index, chance: (1 / before + 1 / now) * (free + RARE * Math.sqrt(2 * free)) }
}
