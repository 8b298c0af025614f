// Groups records that are one company. A single false link must not chain two companies together.

export interface Link {
  a: number
  b: number
  /** 0 to 1. */
  score: number
}

/** What is known of a pair that no link names. */
export type PairVerdict = 'same' | 'open' | 'different'

/** Largest group; a greater one comes from a key that many companies share. */
const LARGEST = 200
/** Share of the pairs between two groups that must support their union. */
const SUPPORT = 0.5

/**
 * Joins records along links, the surest first. Two groups become one when no record of the one is different from a record of
 * the other and at least half of the pairs between them support it. Returns the groups of two and more, each ascending.
 */
export function clustersOf(links: readonly Link[], verdictOf: (a: number, b: number) => PairVerdict): number[][] {
  const groups = new Map<number, number[]>()
  const groupOf = (record: number) => groups.get(record) ?? [record]
  const ordered = [...links].sort((x, y) => y.score - x.score || x.a - y.a || x.b - y.b)
  for (const { a, b } of ordered) {
    const [x, y] = [groupOf(a), groupOf(b)]
    if (x === y || x.includes(b) || x.length + y.length > LARGEST || !mayJoin(x, y, verdictOf)) continue
    const joined = [...x, ...y].sort((p, q) => p - q)
    for (const record of joined) groups.set(record, joined)
  }
  return [...new Set(groups.values())].sort((x, y) => (x[0] ?? 0) - (y[0] ?? 0))
}

function mayJoin(
  x: readonly number[],
  y: readonly number[],
  verdictOf: (a: number, b: number) => PairVerdict,
): boolean {
  let same = 0
  for (const a of x) {
    for (const b of y) {
      const verdict = verdictOf(a, b)
      if (verdict === 'different') return false
      if (verdict === 'same') same++
    }
  }
  return same >= x.length * y.length * SUPPORT
}
