// Which gate lines apply to a change set, and whom they ask together.
import { matches } from './expression.ts'
import type { GateFacts } from './facts.ts'
import { ANY_DECIDER, type GateLine, type GateRequirement, type Roster } from './lines.ts'
import { peopleNeeded } from './people.ts'

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
  const asked = applying.flatMap(({ line }) => ('asks' in line ? line.asks : []))
  return { require: { lines: applying.map(({ index }) => index), rosters: together(asked) } }
}

/** Each roster once, with the largest number asked of it, in a fixed order. */
export function together(rosters: readonly Roster[]): Roster[] {
  const needs = new Map<string, number>()
  for (const roster of rosters) needs.set(roster.from, Math.max(roster.needs, needs.get(roster.from) ?? 0))
  return [...needs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, count]) => ({ needs: count, from }))
}

/** The requirement of both: approvals that satisfy it satisfy each. */
export function stricter(one: GateRequirement, other: GateRequirement): GateRequirement {
  const lines = [...new Set([...one.lines, ...other.lines])].sort((a, b) => a - b)
  if (covers(one, other)) return { lines, rosters: one.rosters }
  if (covers(other, one)) return { lines, rosters: other.rosters }
  return { lines, rosters: together([...one.rosters, ...other.rosters]) }
}

/** True when approvals that satisfy `asked` satisfy `required` too: every approver may decide, so places for any decider fit all. */
export function covers(asked: GateRequirement, required: GateRequirement): boolean {
  const named = required.rosters.filter(({ from }) => from !== ANY_DECIDER)
  const isAsked = ({ from, needs }: Roster) => asked.rosters.some((one) => one.from === from && one.needs >= needs)
  return named.every(isAsked) && peopleNeeded(asked.rosters) >= peopleNeeded(required.rosters)
}
