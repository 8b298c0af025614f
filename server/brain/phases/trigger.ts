import type { RecordKey } from '../../contract/values/ids.ts'
import { isRecordId } from '../domain/record-id.ts'
import type { Trigger } from '../domain/run.ts'
import { nothingToDo } from '../runs/nothing-to-do.ts'
import type { PhaseFunction } from '../runs/phase.ts'
import { startStep } from '../missions/language/start-step.ts'

export interface TriggerResult {
  /** Null for a mission that starts from no record. */
  subject: RecordKey | null
  at: string
}

/** What befell the record, by the kind of trigger. */
const WHAT: Record<Trigger['kind'], string> = {
  change: 'changed',
  poll: 'changed',
  'catch-up': 'was caught up with',
  event: 'was asked about',
  schedule: 'is due by schedule',
  launch: 'was chosen',
  undo: 'was caught up with',
  erased: 'was caught up with',
}

/** Takes down what started the run. A mission that begins with a record of one object has nothing to do with any other. */
export const trigger: PhaseFunction = async ({ run, mission }) => {
  const { subject } = run
  const start = startStep(mission.definition)
  if (!start) return { kind: 'next', result: { subject: null, at: run.trigger.at } satisfies TriggerResult }
  if (!subject || !isRecordId(subject.id) || subject.object !== start.object) {
    return nothingToDo([`This mission starts from one ${start.object}; none was given`])
  }
  const result: TriggerResult = { subject: { object: subject.object, id: subject.id }, at: run.trigger.at }
  const name = subject.object.replace(/__c$/, '').replaceAll('_', ' ').toLowerCase()
  const what = WHAT[run.trigger.kind]
  const text = run.trigger.change?.endsWith('.created')
    ? `A new ${name} arrived`
    : `${/^[aeiou]/.test(name) ? 'An' : 'A'} ${name} ${what}`
  return { kind: 'next', result, say: [{ kind: 'noticed', text: [text], records: [{ ...subject }] }] }
}
