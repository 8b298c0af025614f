import { gateFactsOf } from '../../contract/gate/facts.ts'
import { judgeGate } from '../../contract/gate/judge.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { named } from '../domain/named-record.ts'
import type { Phrase } from '../domain/phrase.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { NewObservation } from '../domain/run.ts'
import { fit, nameOf } from '../domain/say.ts'
import { startStep } from '../missions/language/start-step.ts'
import type { Evidence } from '../questions/asking/evidence.ts'
import type { Given, Meaning } from '../questions/asking/question.ts'
import { nothingToDo } from '../runs/nothing-to-do.ts'
import type { PhaseContext, PhaseFunction, PhaseOutcome } from '../runs/phase.ts'
import { asserted } from './assertions.ts'
import { documentsOf, givenAfterReading, withAnswer, withLets } from './given/given.ts'
import { inputMix } from './input-mix.ts'
import { lineOf, proposalOf, recordsById } from './proposal.ts'
import type { ReasonResult } from './reason.ts'
import { notBeforeOf } from './not-before.ts'
import { skipped } from './skip.ts'
import { unlessTrial } from './trial.ts'
import { partsOf } from './templates/templates.ts'

/** Composes the change set and everything a person needs to judge it. Writes nothing. */
export const propose: PhaseFunction = async (context) => {
  const outcome = unlessTrial(context, await composed(context))
  const start = startStep(context.mission.definition)
  const record = start && context.result<Evidence>('read').records[start.name]?.[0]
  if (outcome.kind === 'wait' || !record || context.run.trigger.trial) return outcome
  const proposal = outcome.kind === 'next' ? (outcome.result as Proposal) : null
  return { ...outcome, mix: inputMix(context, record, proposal?.band ?? null, proposal?.operations ?? []) }
}

async function composed(context: PhaseContext): Promise<PhaseOutcome> {
  const { mission } = context
  const { definition } = mission
  const { answers } = context.result<ReasonResult>('reason')
  const { given, meanings } = await answered(context, answers)
  const skip = skipped(definition, given, (name) => name in given.variables)
  if (skip) return skip
  const parts = partsOf({ mission, given, answers })
  const operations = parts.flatMap((part) => part.operations)
  const say: NewObservation[] = parts.flatMap((part) => part.say)
  const subject = subjectOf(context, given)
  const records = [{ object: subject.object, id: subject.id }]
  if (operations.length === 0) {
    return nothingToDo([nameOf(named(subject)), ': nothing is left to change'], { records, before: say })
  }
  const gate = judgeGate(definition.gate, gateFactsOf(operations, recordsById(given.evidence), definition.facts))
  if ('block' in gate) {
    return nothingToDo([`${gate.block}: this mission may propose nothing here`], { records, before: say })
  }
  const { assertions, unheld } = asserted(definition, given)
  if (unheld) {
    const { text, record } = unheld
    const about: Phrase = record ? [nameOf(named(record)), ': '] : []
    return nothingToDo([...about, `${text} does not hold`], { records, before: say })
  }
  const notBefore = notBeforeOf(definition, given)
  if (notBefore === 'not computable')
    return nothingToDo([`When it may be written cannot be computed: ${definition.commit?.notBefore}`], {
      records,
      before: say,
    })
  const proposal = proposalOf({ mission, given, subject, parts, meanings, gate: gate.require, assertions, notBefore })
  const proposed: NewObservation = { kind: 'proposed', text: fit(lineOf(parts)), records }
  return { kind: 'next', result: proposal, say: [...say, proposed] }
}

/** Steps, answers and `let`, as the templates meet them. */
async function answered(
  context: PhaseContext,
  answers: ReasonResult['answers'],
): Promise<{ given: Given; meanings: Meaning[] }> {
  const { definition } = context.mission
  const evidence = context.result<Evidence>('read')
  const meanings: Meaning[] = []
  let given = givenAfterReading(definition, context.run, evidence, await documentsOf(context), null)
  for (const question of definition.reason) {
    const next = withAnswer(withLets(given, definition.let), question, answers[question.name])
    meanings.push(next.meaning)
    given = next.given
  }
  return { given: withLets(given, definition.let), meanings }
}

/** The record the run is about. Throws TypeError for a mission that starts from none. */
function subjectOf({ mission }: PhaseContext, { evidence }: Given): RecordValues {
  const start = startStep(mission.definition)
  const record = start && evidence.records[start.name]?.[0]
  if (!record) throw new TypeError('this mission starts from no record')
  return record
}
