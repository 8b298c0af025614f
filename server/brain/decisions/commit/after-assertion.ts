// What the mission asserts does not hold by the records as they are now: nothing was written.
import type { ChangeSetVersion, Decision } from '../../domain/decision.ts'
import { fit } from '../../domain/say.ts'
import type { PhaseContext, PhaseOutcome } from '../../runs/phase.ts'
import type { Assertion } from '../../../contract/assertion.ts'
import { fieldsAsserted } from '../../../contract/assertions.ts'
import { nameOf } from '../operation-words.ts'
import { lookAgain } from './look-again.ts'

/** The approvals lapse; a new run proposes what may be proposed now. */
export function afterAssertion(
  context: PhaseContext,
  decision: Decision,
  changeSet: ChangeSetVersion,
  unheld: readonly Assertion[],
): PhaseOutcome {
  const records = unheld.flatMap(({ over }) => over.map(({ object, id }) => ({ object, id })))
  const fields = unheld.flatMap(({ holds, over }) =>
    [...fieldsAsserted(holds)].flatMap(([step, named]) => {
      const object = over.find((each) => each.step === step)?.object
      return object === undefined ? [] : named.map((field) => `${object}.${field}`)
    }),
  )
  const [first] = unheld
  const about = records[0] ? nameOf(records[0].id, changeSet.proposal) : ''
  return lookAgain(context, decision, changeSet, (end) => ({
    kind: 'noticed',
    text: fit([about, ': ', { text: first?.holds ?? '' }, ` is no longer so${end}`]),
    records,
    fields: [...new Set(fields)],
  }))
}
