import type { PhaseFunction } from '../../../runs/phase.ts'
import type { ModelClaims } from '../../../domain/model-call.ts'
import type { NewObservation } from '../../../domain/run.ts'
import type { Claim, Reasoner } from '../shapes/reasoner.ts'
import { inputMix } from '../shapes/input-mix.ts'
import type { ReadResult, ReasonResult } from '../shapes/phase-results.ts'

/** Asks the reasoner which accounts are the lead's company; its claims become observations. */
export function reasonWith(reasoner: Reasoner): PhaseFunction {
  return async (context) => {
    const { lead, accounts } = context.result<ReadResult>('read')
    const knowledge = await Promise.all(context.mission.definition.knowledge.map((name) => context.knowledge(name)))
    const steps = reasoner.sameEntity({ lead, accounts }, knowledge, {
      model: context.model,
      modelFields: context.mission.definition.reason.model?.fields ?? null,
    })
    const say: NewObservation[] = []
    for (;;) {
      const step = await steps.next()
      if (!step.done) {
        say.push(observationOf(step.value))
        continue
      }
      const result: ReasonResult = step.value
      const claims = claimsOf(result)
      if (result.chosen !== null) return { kind: 'next', result, say, ...claims }
      return {
        kind: 'finish',
        verdict: 'nothing to do',
        result,
        say,
        ...claims,
        mix: inputMix(context, lead, null, []),
      }
    }
  }
}

const observationOf = ({ kind, text, records, fields, citations }: Claim): NewObservation => ({
  kind,
  text,
  records,
  fields,
  citations,
})

/** Empty when no model was heard. */
function claimsOf({ opinions, dropped }: ReasonResult): { claims?: ModelClaims } {
  if (dropped === undefined) return {}
  const agreed = opinions.filter(({ agrees }) => agrees).length
  return { claims: { agreed, disagreed: opinions.length - agreed, dropped } }
}
