// What a question is given, without a run: records, documents and a model that answers as told.
import { render } from '../../../server/brain/domain/phrase.ts'
import type { ReadStep } from '../../../server/brain/domain/mission.ts'
import type { Evidence } from '../../../server/brain/questions/asking/evidence.ts'
import type { AnyQuestionKind, Given, Meaning } from '../../../server/brain/questions/asking/question.ts'
import { givenAfterReading, withLets } from '../../../server/brain/phases/given/given.ts'
import { kindOf } from '../../../server/brain/questions/registry.ts'
import type { AskModel } from '../../../server/brain/runs/phase.ts'
import type { ModelQuestion } from '../../../server/brain/ports/model.ts'
import type { RecordValues } from '../../../server/contract/values/record-values.ts'

export interface Told {
  steps: ReadStep[]
  records: Record<string, RecordValues[]>
  types?: Evidence['types']
  documents: Record<string, string>
  /** The mission's own names with their expressions. */
  lets?: Record<string, string>
  /** Answers of the model, one after the other; without them none is set up. */
  replies?: (string | 'off')[]
}

interface Answered {
  kind: AnyQuestionKind
  meaning: Meaning
  /** Claims as somebody who may see everything reads them. */
  lines: string[]
  /** What the model was asked, in order. */
  asked: { key: string; question: ModelQuestion }[]
}

const EVERYTHING = { record: () => true, field: () => true }

export function givenOf(
  { steps, records, types = {}, documents, lets = {} }: Told,
  model: AskModel | null = null,
): Given {
  const evidence: Evidence = {
    records,
    types,
    labels: {},
    users: [],
    at: '2026-11-30T08:00:00Z',
    convertedStatus: null,
  }
  const versions = Object.entries(documents).map(
    ([name, source]) => [name, { name, version: 1, title: name, source }] as const,
  )
  const run = { subject: null, trigger: { change: null, at: evidence.at, launcher: null } }
  return withLets(givenAfterReading({ read: steps }, run as never, evidence, new Map(versions), model), lets)
}

/** Asks a question of this kind, in the shape of a mission's file. */
export async function answerTo(kindName: string, file: Record<string, unknown>, told: Told): Promise<Answered> {
  const asked: Answered['asked'] = []
  const replies = [...(told.replies ?? [])]
  const model: AskModel = (key, question) => {
    asked.push({ key, question })
    const text = replies.shift() ?? 'off'
    const tokens = { input: 1, output: 1 }
    return Promise.resolve(text === 'off' ? 'off' : { asked: 'm', answered: 'm', text, tokens })
  }
  const kind = kindOf(kindName)
  const question = kind.file.parse(file)
  const given = givenOf(told, told.replies ? model : null)
  const faults = kind.check(question, given)
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('; '))
  const steps = kind.ask(question, given)
  const lines: string[] = []
  let step = await steps.next()
  for (; !step.done; step = await steps.next()) lines.push(render(step.value.text, EVERYTHING))
  return { kind, meaning: kind.meaning(question, step.value, given), lines, asked }
}
