// What a mission asserts about the records right before the first write, judged on records that this server reads itself.
import type { Assertion } from '../../contract/assertion.ts'
import { assertionHolds, assertionMissing } from '../../contract/assertions.ts'
import type { SealedDocument } from '../../contract/change-set.ts'
import type { Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import { isGone, type States } from '../writers/state.ts'

/** Throws ToolFailure `refused` when the change set leaves out what its grant has to hold; one that undoes states none. */
export function assertStated({ assertions: granted = [] }: Grant, document: SealedDocument): void {
  const { assertions: stated = [], operations, undoes } = document
  if (undoes !== undefined && stated.length === 0) return
  const missing = assertionMissing(granted, stated, operations)
  if (missing !== null) throw new ToolFailure('refused', missing, { isBreach: true })
}

/** The assertions that do not hold. */
export function unheld({ assertions = [] }: SealedDocument, states: States, now: Date): Assertion[] {
  const today = now.toISOString().slice(0, 10)
  const recordOf = (id: string) => {
    const state = states.get(id)
    if (!state || isGone(state)) return null
    return { values: state.values, type: (field: string) => state.schema.field(field)?.type }
  }
  return assertions.filter((assertion) => !assertionHolds(assertion, recordOf, today))
}
