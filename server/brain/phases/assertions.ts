import type { Assertion } from '../../contract/assertion.ts'
import { fieldsAsserted } from '../../contract/assertions.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import { holds as holdsOn } from './given/given.ts'
import { recordOf, type Given } from '../questions/asking/question.ts'

interface Asserted {
  /** With the records that it is about. */
  assertions: Assertion[]
  /** The first that does not hold already; null when all hold. */
  unheld: { text: string; record: RecordValues | null } | null
}

/** What the mission asserts, of the records that were read. */
export function asserted({ assert = [] }: MissionDefinition, given: Given): Asserted {
  const assertions = assert.map((text): Assertion => {
    const over = [...fieldsAsserted(text).keys()].sort().flatMap((step) => {
      const record = recordOf(given.evidence, step)
      return record ? [{ step, object: record.object, id: record.id }] : []
    })
    return { holds: text, over }
  })
  const wanting = assertions.find(
    ({ holds, over }) => over.length < fieldsAsserted(holds).size || !holdsOn(holds, given),
  )
  const step = wanting?.over[0]?.step
  return {
    assertions,
    unheld: wanting
      ? { text: wanting.holds, record: step === undefined ? null : recordOf(given.evidence, step) }
      : null,
  }
}
