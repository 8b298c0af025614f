// Which gate lines apply to a change set, and whom they ask together.
import { matches } from './expression.ts'
import type { GateFacts } from './facts.ts'
import { ANY_DECIDER, type GateLine, type GateRequirement, type Roster } from './lines.ts'
import { bothStages, peopleNeeded } from './people.ts'

export type GateAnswer = { block: string; line: number } | { require: GateRequirement }

/**
 * Every line that matches a change applies: a block wins, rosters add up, of one roster the largest number counts. `otherwise`
 * counts when no other line matches. The order of the lines means nothing. Throws TypeError when nothing applies.
 */
export function judgeGate(lines: readonly GateLine[], facts: GateFacts): GateAnswer {
  const all = lines.map((line, index) => ({ line, index }))
  const met = all.filter(
    ({ line }) => !('otherwise' in line) && facts.changes.some((change) => matches(line.when, change, facts)),
  )
  for (const { line, index } of met) if ('block' in line) return { block: line.block, line: index }
  const applying = met.length > 0 ? met : all.filter(({ line }) => 'otherwise' in line)
  if (applying.length === 0) throw new TypeError('no gate line applies and there is no “otherwise”')
  const asking = applying.flatMap(({ line }) => ('asks' in line ? [line] : []))
  const rosters = together(asking.flatMap(({ asks }) => asks))
  const indexes = applying.map(({ index }) => index)
  return { require: requirement(indexes, rosters, together(asking.flatMap(({ then = [] }) => then))) }
}

const requirement = (lines: number[], rosters: Roster[], then: Roster[]): GateRequirement => ({
  lines,
  rosters,
  ...(then.length > 0 && { then }),
})

/** Each roster once, with the largest number asked of it, in a fixed order. */
export function together(rosters: readonly Roster[]): Roster[] {
  const needs = new Map<string, number>()
  for (const roster of rosters) needs.set(roster.from, Math.max(roster.needs, needs.get(roster.from) ?? 0))
  return [...needs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, count]) => ({ needs: count, from }))
}

/** The requirement of both: approvals that satisfy it satisfy each. */
export function stricter(one: GateRequirement, other: GateRequirement): GateRequirement {
  const lines = [...new Set([...one.lines, ...other.lines])].sort((a, b) => a - b)
  if (covers(one, other)) return { ...one, lines }
  if (covers(other, one)) return { ...other, lines }
  const { then: first = [] } = one
  const { then: second = [] } = other
  return requirement(lines, together([...one.rosters, ...other.rosters]), together([...first, ...second]))
}

/** True when approvals that satisfy `asked` satisfy `required` too: every approver may decide, so places for any decider fit all. */
export function covers(asked: GateRequirement, required: GateRequirement): boolean {
  if (!coverAll(bothStages(asked), bothStages(required))) return false
  // Where an order is required, each stage has to be asked in its place.
  if (!required.then) return true
  return coverAll(asked.rosters, required.rosters) && coverAll(asked.then ?? [], required.then)
}

function coverAll(asked: readonly Roster[], required: readonly Roster[]): boolean {
  const named = required.filter(({ from }) => from !== ANY_DECIDER)
  const isAsked = ({ from, needs }: Roster) => asked.some((one) => one.from === from && one.needs >= needs)
  return named.every(isAsked) && peopleNeeded(asked) >= peopleNeeded(required)
}
