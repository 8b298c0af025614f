// Whether enough different people answered: each person counts once, for one roster.
import type { GateRequirement, Roster } from './lines.ts'

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

type Stages = Pick<GateRequirement, 'rosters' | 'then'>

/** Rosters of both stages together: one that is asked in both needs so many more people. */
export function bothStages({ rosters, then = [] }: Stages): Roster[] {
  const needs = new Map<string, number>()
  for (const roster of [...rosters, ...then]) needs.set(roster.from, (needs.get(roster.from) ?? 0) + roster.needs)
  return [...needs].map(([from, count]) => ({ needs: count, from }))
}

/** One who answered, with the time at which salesforce-mcp took the answer. */
interface Timed extends Answerer {
  at: string
}

export interface GateStanding {
  /** Places that wait for people now: of the first stage until it is full, then of the second. Empty when enough people answered. */
  left: Roster[]
  stage: 'first' | 'then'
  /** People whose answers count for no place since they came before their stage was asked. */
  early: string[]
}

/** Where a gate stands by the answers in the order in which they were taken. */
export function standingOf(gate: Stages, people: readonly Timed[]): GateStanding {
  const { rosters, then = [] } = gate
  const inOrder = [...people].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const full = inOrder.findIndex((_, index) => placesLeft(rosters, inOrder.slice(0, index + 1)).length === 0)
  const isEarly = ({ on }: Timed) => !rosters.some(({ from }) => on.includes(from))
  if (full === -1) return { left: placesLeft(rosters, inOrder), stage: 'first', early: idsOf(inOrder.filter(isEarly)) }
  const at = inOrder[full]?.at ?? ''
  const first = inOrder.filter((each) => each.at <= at)
  return {
    left: placesLeft(
      then,
      inOrder.filter((each) => each.at > at && !first.some(({ userId }) => userId === each.userId)),
    ),
    stage: then.length > 0 ? 'then' : 'first',
    early: idsOf(first.filter(isEarly)),
  }
}

const idsOf = (people: readonly Timed[]): string[] => people.map(({ userId }) => userId)
