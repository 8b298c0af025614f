import type { ModelClaims } from '../domain/model-call.ts'
import type { NewObservation } from '../domain/run.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import type { Claim, Given } from '../questions/asking/question.ts'
import { kindOf } from '../questions/registry.ts'
import type { AskModel, PhaseFunction } from '../runs/phase.ts'
import { startStep } from '../missions/language/start-step.ts'
import { documentsOf, givenAfterReading, withAnswer, withLets } from './given/given.ts'
import { inputMix } from './input-mix.ts'

/** Answers by question, in the order they were asked: plain data. */
export interface ReasonResult {
  answers: Record<string, unknown>
}

/** Asks the mission's questions, one after the other; their claims become observations. */
export const reason: PhaseFunction = async (context) => {
  const { definition } = context.mission
  const evidence = context.result<Evidence>('read')
  let given: Given = givenAfterReading(definition, context.run, evidence, await documentsOf(context), context.model)
  const result: ReasonResult = { answers: {} }
  const say: NewObservation[] = []
  const heard: ModelClaims[] = []
  for (const question of definition.reason) {
    given = withLets(given, definition.let)
    const kind = kindOf(question.kind)
    const steps = kind.ask(question.asked, { ...given, model: askedBy(question.name, context.model) })
    let step = await steps.next()
    for (; !step.done; step = await steps.next()) say.push(observationOf(step.value))
    result.answers[question.name] = step.value
    const answered = withAnswer(given, question, step.value)
    given = answered.given
    if (answered.meaning.claims) heard.push(answered.meaning.claims)
    if (kind.ends && answered.meaning.values === null) {
      const start = startStep(definition)
      const subject = start && evidence.records[start.name]?.[0]
      const mix = subject ? { mix: inputMix(context, subject, null, []) } : {}
      return { kind: 'finish', verdict: 'nothing to do', result, say, ...claimsOf(heard), ...mix }
    }
  }
  return { kind: 'next', result, say, ...claimsOf(heard) }
}

/** Keys of the journal begin with the question's name: two questions of a mission may ask. */
function askedBy(name: string, model: AskModel | null): AskModel | null {
  return model && ((key, asked) => model(`${name}-${key}`, asked))
}

const observationOf = ({ kind, text, records, fields, citations }: Claim): NewObservation => ({
  kind,
  text,
  records,
  fields,
  citations,
})

/** Empty when no model was heard. */
function claimsOf(heard: readonly ModelClaims[]): { claims?: ModelClaims } {
  if (heard.length === 0) return {}
  const sum = (of: (claims: ModelClaims) => number) => heard.reduce((total, each) => total + of(each), 0)
  return {
    claims: {
      agreed: sum(({ agreed }) => agreed),
      disagreed: sum(({ disagreed }) => disagreed),
      dropped: sum(({ dropped }) => dropped),
    },
  }
}
