import { Day, Instant } from '../../contract/expressions/day.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import { evaluate, NoValue } from '../expressions/expression.ts'
import type { Given } from '../questions/asking/question.ts'

/** The time before which the change is not written, in UTC, where a date begins at midnight; null for none or a blank. */
export function notBeforeOf(
  { commit }: Pick<MissionDefinition, 'commit'>,
  { variables, values, setting }: Given,
): string | null | 'not computable' {
  if (commit?.notBefore === undefined) return null
  try {
    const value = evaluate(commit.notBefore, variables, values, setting)
    if (value === null || value === undefined) return null
    if (value instanceof Day) return `${value.iso}T00:00:00.000Z`
    return value instanceof Instant ? value.iso : 'not computable'
  } catch (error) {
    if (error instanceof NoValue) return 'not computable'
    throw error
  }
}
