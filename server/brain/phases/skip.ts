import type { MissionDefinition } from '../domain/mission.ts'
import { named } from '../domain/named-record.ts'
import { nameOf } from '../domain/say.ts'
import { namedIn } from '../expressions/expression.ts'
import { startStep } from '../missions/language/start-step.ts'
import type { Given } from '../questions/asking/question.ts'
import { nothingToDo } from '../runs/nothing-to-do.ts'
import type { PhaseOutcome } from '../runs/phase.ts'
import { holds } from './given/given.ts'

/** Ends the run when one of the mission's conditions for it holds; those that name what is not known yet are left for later. */
export function skipped(
  definition: MissionDefinition,
  given: Given,
  isKnown: (variable: string) => boolean,
): PhaseOutcome | null {
  const found = definition.skip.find(
    ({ when }) => namedIn(when).every(({ variable }) => isKnown(variable)) && holds(when, given),
  )
  if (!found) return null
  const start = startStep(definition)
  const record = start && given.evidence.records[start.name]?.[0]
  const records = record ? [{ object: record.object, id: record.id }] : []
  const fields = start
    ? namedIn(found.when).flatMap(({ variable, member }) =>
        variable === start.name && member !== null ? [`${start.object}.${member}`] : [],
      )
    : []
  return nothingToDo(record ? [nameOf(named(record)), `: ${found.say}`] : [found.say], { records, fields })
}
