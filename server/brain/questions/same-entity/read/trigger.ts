import type { PhaseFunction } from '../../../runs/phase.ts'
import { isRecordId } from '../../../domain/record-id.ts'
import { nothingToDo } from '../../../runs/nothing-to-do.ts'
import type { TriggerResult } from '../shapes/phase-results.ts'

/** Takes down what started the run. A mission that begins with a lead has nothing to do with any other record. */
export const trigger: PhaseFunction = async ({ run, mission }) => {
  const subject = run.subject
  const first = mission.definition.read.find((step) => 'id' in step)
  if (!subject || !isRecordId(subject.id) || subject.object !== first?.object) {
    return nothingToDo([`This mission starts from one ${first?.object ?? 'record'}; none was given`])
  }
  const result: TriggerResult = { subject: { object: subject.object, id: subject.id }, at: run.trigger.at }
  const what =
    run.trigger.kind === 'launch' ? 'was chosen' : run.trigger.kind === 'change' ? 'changed' : 'was caught up with'
  const text = run.trigger.change?.endsWith('.created')
    ? `A new ${subject.object.toLowerCase()} arrived`
    : `A ${subject.object.toLowerCase()} ${what}`
  return { kind: 'next', result, say: [{ kind: 'noticed', text: [text], records: [result.subject] }] }
}
