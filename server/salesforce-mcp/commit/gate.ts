// The gate, judged where the keys are: on records that this server reads itself, right before the first write.
import type { SealedDocument } from '../../contract/change-set.ts'
import { membersOf } from '../../contract/gate/expression.ts'
import { BUILT_IN_FIELDS, gateFactsOf } from '../../contract/gate/facts.ts'
import { covers, judgeGate, type GateAnswer } from '../../contract/gate/judge.ts'
import type { Grant } from '../../contract/grant.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { ObjectSchema } from '../org/describe.ts'
import type { States } from '../writers/state.ts'

/** Fields of an object that the grant's gate lines rest on, as far as the org has them. */
export function gateFields({ gate, facts }: Pick<Grant, 'gate' | 'facts'>, schema: ObjectSchema): string[] {
  const named = Object.values(facts).flatMap((path) => {
    const [object, field = ''] = path.split('.')
    return object === schema.name ? [field] : []
  })
  const builtIn = schema.name === 'Account' ? BUILT_IN_FIELDS : []
  const ofLead =
    schema.name === 'Lead' ? gate.flatMap((line) => ('when' in line ? membersOf('lead', line.when) : [])) : []
  return [...named, ...builtIn, ...ofLead].filter((field) => schema.field(field))
}

/** What the grant's lines ask of these operations, by the org as it is now. What could not be read counts against the change. */
export function judge(
  grant: Pick<Grant, 'gate' | 'facts'>,
  operations: readonly Operation[],
  states: States,
): GateAnswer {
  return judgeGate(grant.gate, gateFactsOf(operations, states, grant.facts))
}

/** The gate when it blocks the document or asks more than people were asked; null when what they answered is enough. */
export function unmetGate(grant: Grant, document: SealedDocument, states: States): GateAnswer | null {
  const answer = judge(grant, document.operations, states)
  return 'require' in answer && covers(document.gate, answer.require) ? null : answer
}
