import type { Judgement } from '../judge.ts'

export interface Pair {
  a: string
  b: string
  judgement: Judgement
}

/**
 * The accounts that are one company with `seed`. One joins when it is strongly or likely the same as a member and
 * different from none: a single false link must not chain two companies together. The order of `pairs` does not matter.
 */
export function clusterAround(seed: string, ids: readonly string[], pairs: readonly Pair[]): string[] {
  const members = [seed]
  const between = (x: string, y: string) =>
    pairs.find(({ a, b }) => (a === x && b === y) || (a === y && b === x))?.judgement
  const links = (id: string) => members.map((member) => between(id, member))
  const open = new Set(ids.filter((id) => id !== seed))
  for (;;) {
    const joining = [...open]
      .map((id) => ({ id, strength: strengthOf(links(id)) }))
      .filter(({ strength }) => strength > 0)
      .sort((x, y) => y.strength - x.strength || (x.id < y.id ? -1 : 1))[0]
    if (!joining) return members.sort()
    members.push(joining.id)
    open.delete(joining.id)
  }
}

/** 0 when it may not join; otherwise the strength of its best link. */
function strengthOf(links: readonly (Judgement | undefined)[]): number {
  if (links.some((link) => link?.verdict === 'different')) return 0
  const points = links.map((link) => {
    if (link?.verdict !== 'same' || link.band === 'uncertain') return 0
    return (link.band === 'strong' ? 10_000 : 5_000) + link.points
  })
  return Math.max(0, ...points)
}
