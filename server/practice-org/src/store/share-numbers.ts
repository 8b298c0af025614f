// Numbers and ids of share rows that are worked out: both say which row causes them, how, and for whom.
import { counterOf, makeId } from '../schema/ids.ts'

/** Numbers of rows that are worked out begin here; those of rows that are kept stay below. */
const FIRST = 2 ** 52
/** The row that causes the share, the kind of cause and the one it is shared with, in one number that a double holds. */
const HOLDERS = 2 ** 20
const CAUSES = 8

/** SQL of the number of a row that is worked out. */
export const numberSql = (record: string, cause: number, holder: string): string =>
  `(${FIRST} + (${record} * ${CAUSES} + ${cause}) * ${HOLDERS} + ${holder})`

/** What causes a share, as its number says; those that are kept cause themselves. */
export const CAUSE = { kept: 0, owner: 1, team: 2, territory: 3, rule: 4, parent: 5 } as const

/** Of the number of a share row, the cause and the number of the row that causes it. */
export function causeOf(n: number): { cause: number; record: number } {
  if (n < FIRST) return { cause: CAUSE.kept, record: n }
  const both = Math.floor((n - FIRST) / HOLDERS)
  return { cause: both % CAUSES, record: Math.floor(both / CAUSES) }
}

/** Whether the id is that of a share the org made by itself: its number is in it. */
export const isListed = (id: string): boolean => (counterOf(id) ?? 0) >= FIRST

/** The id of a row by its number, for SQL. */
export const shareId = (prefix: unknown, n: unknown): string | null =>
  typeof prefix === 'string' && typeof n === 'number' ? makeId(prefix, n) : null
