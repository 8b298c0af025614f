// Where one gate asks less than another: everything that cannot be shown to ask at least as much counts.
import { membersOf } from './expression.ts'
import { covers, together } from './judge.ts'
import type { GateLine, GateRequirement, Roster } from './lines.ts'
import { bothStages } from './people.ts'

type AskLine = Extract<GateLine, { asks: Roster[] }>

/**
 * Sentences that name what `after` asks less than `before`; empty when every change set needs at least the same people. Order of
 * lines means nothing.
 */
export function weakenings(before: readonly GateLine[], after: readonly GateLine[]): string[] {
  const kept = before.flatMap((line) => weakened(line, after))
  const shadowing = after.flatMap((line) => shadows(line, before))
  return [...new Set([...kept, ...shadowing])]
}

/** Names that lines call as `record.name`. */
export function recordNames(lines: readonly GateLine[]): string[] {
  return [...new Set(lines.flatMap((line) => ('when' in line ? membersOf('record', line.when) : [])))].sort()
}

function weakened(line: GateLine, after: readonly GateLine[]): string[] {
  const still = after.filter((other) => appliesWherever(line, other))
  if (still.some((other) => 'block' in other)) return []
  if ('block' in line) return [`No longer blocked when ${line.when}: ${line.block}`]
  const asking = still.flatMap((other) => ('asks' in other ? [other] : []))
  const { then = [] } = line
  // Without a second stage before, it does not matter in which one people are asked.
  const first = asking.flatMap((other) => (then.length > 0 ? other.asks : bothStages(stagesOf(other))))
  return [
    ...line.asks.flatMap(({ needs, from }) => fewer(first, { needs, from }, `${named(line)} asks`, '')),
    ...then.flatMap(({ needs, from }) =>
      fewer(
        asking.flatMap((other) => other.then ?? []),
        { needs, from },
        `${named(line)} asks`,
        ' once the others have approved',
      ),
    ),
  ]
}

const stagesOf = ({ asks, then }: AskLine): Pick<GateRequirement, 'rosters' | 'then'> => ({
  rosters: asks,
  ...(then && { then }),
})

function fewer(asked: readonly Roster[], { needs, from }: Roster, who: string, when: string): string[] {
  const most = Math.max(0, ...asked.filter((roster) => roster.from === from).map((roster) => roster.needs))
  return most >= needs ? [] : [`${who} ${most} of ${from}${when}, it asked ${needs}`]
}

/** `otherwise` counts only when no other line matches: a new line that asks less than it takes its place. */
function shadows(line: GateLine, before: readonly GateLine[]): string[] {
  if (!('when' in line) || 'block' in line) return []
  if (before.some((other) => appliesWherever(line, other))) return []
  const fallback = before.flatMap((other) => ('otherwise' in other ? [other] : []))
  const then = together(fallback.flatMap((other) => other.then ?? []))
  const required = { rosters: together(fallback.flatMap(({ asks }) => asks)), ...(then.length > 0 && { then }) }
  if (covers({ lines: [0], ...stagesOf(line) }, { lines: [0], ...required })) return []
  return [`When ${line.when}, fewer people are asked than “otherwise” asked`]
}

const named = (line: AskLine): string => ('otherwise' in line ? '“Otherwise”' : `When ${line.when}, the gate`)

/** True when `other` matches at least every change that `line` matches, as far as their texts show. */
function appliesWherever(line: GateLine, other: GateLine): boolean {
  if ('otherwise' in line || 'otherwise' in other) return 'otherwise' in line && 'otherwise' in other
  return line.when === other.when || isWiderBound(line.when, other.when)
}

const BOUND = /^\s*([a-z][\w.]*)\s*(>=|<=)\s*(\d{1,15})\s*$/i

/** `x >= 100` and `x >= 50`: the second matches wherever the first does. */
function isWiderBound(narrow: string, wide: string): boolean {
  const [, path, operator, bound] = BOUND.exec(narrow) ?? []
  const [, samePath, sameOperator, otherBound] = BOUND.exec(wide) ?? []
  if (path === undefined || path !== samePath || operator !== sameOperator) return false
  return operator === '>=' ? Number(otherBound) <= Number(bound) : Number(otherBound) >= Number(bound)
}
