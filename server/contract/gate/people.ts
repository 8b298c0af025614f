// Whether enough different people answered: each person counts once, for one roster.
import type { Roster } from './lines.ts'

/** A person who answered, with the rosters they belong to (`from`). */
interface Answerer {
  userId: string
  on: readonly string[]
}

/** Of these rosters, those that a person with these permissions and groups belongs to. */
export function rostersOf(
  { permissions, groups }: { permissions: readonly string[]; groups: readonly string[] },
  rosters: readonly Roster[],
): string[] {
  return rosters.flatMap(({ from }) => {
    const [kind, name = ''] = from.split(':')
    return (kind === 'group' ? groups : permissions).includes(name) ? [from] : []
  })
}

export const peopleNeeded = (rosters: readonly Roster[]): number => rosters.reduce((sum, { needs }) => sum + needs, 0)

/**
 * Places of the rosters that no person fills, under the best assignment: a person on two rosters counts for the one that
 * lacks more. Empty when enough people answered.
 */
export function placesLeft(rosters: readonly Roster[], people: readonly Answerer[]): Roster[] {
  const places = rosters.flatMap(({ needs, from }) => Array.from({ length: needs }, () => from))
  const taken = new Map<number, number>()
  const seat = (person: number, tried: Set<number>): boolean => {
    for (const [place, from] of places.entries()) {
      if (tried.has(place) || !people[person]?.on.includes(from)) continue
      tried.add(place)
      const sitting = taken.get(place)
      if (sitting !== undefined && !seat(sitting, tried)) continue
      taken.set(place, person)
      return true
    }
    return false
  }
  const different = people.flatMap(({ userId }, index) =>
    people.findIndex((one) => one.userId === userId) === index ? [index] : [],
  )
  for (const person of different) seat(person, new Set())
  const left = new Map<string, number>()
  for (const [place, from] of places.entries()) if (!taken.has(place)) left.set(from, (left.get(from) ?? 0) + 1)
  return [...left].map(([from, needs]) => ({ needs, from }))
}
