// A language model looks at the planned operations. Its answer is a choice among concerns that are listed here; each only adds.
import { z } from 'zod'
import { setBy, touchedBy } from '../../../contract/operations/operation.ts'
import { ModelNotRecorded, ModelUnavailable, NotRecorded } from '../../domain/errors.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Caution, Proposal } from '../../domain/proposal.ts'
import { ScreenedInput } from '../../domain/screening/screened-input.ts'
import { INSTRUCTIONS } from '../../prompts/prompts.ts'
import type { AskModel } from '../../runs/phase.ts'
import { recordName } from './record-name.ts'

/** What the model may name; its instructions list the same. */
export const CONCERNS = {
  'wrong-survivor': ' might be the wrong record to keep',
  'different-companies': ' may be another company',
  'wrong-value': ' would get a value that does not fit it',
  'untrusted-value': ' would get a value that others wrote',
} as const
type Concern = keyof typeof CONCERNS

const Reply = z.object({
  concerns: z
    .array(z.object({ operation: z.number().int(), concern: z.enum(Object.keys(CONCERNS) as [Concern, ...Concern[]]) }))
    .max(50),
})

/** Cautions of the model; null when it did not answer, or with something else. */
export async function reviewByModel(
  model: AskModel,
  proposal: Proposal,
  fields: readonly string[],
): Promise<Caution[] | null> {
  const input = inputOf(proposal, fields)
  const question = { instructions: INSTRUCTIONS.review, input, schema: z.toJSONSchema(Reply) }
  const reply = await model('review', question).catch(awayOrThrow)
  const parsed = reply === 'off' ? null : parsedReply(reply.text)
  if (!parsed) return null
  const once = new Map(parsed.concerns.map((each) => [`${each.operation} ${each.concern}`, each]))
  return [...once.values()].flatMap(({ operation, concern }) => cautionsOf(proposal, operation, concern))
}

/** A model that is away is no reason to hold: the decision says that it was not reviewed. */
function awayOrThrow(error: unknown): 'off' {
  const isAway = [ModelUnavailable, ModelNotRecorded, NotRecorded].some((kind) => error instanceof kind)
  if (isAway) return 'off'
  throw error
}

function parsedReply(text: string): z.output<typeof Reply> | null {
  try {
    return Reply.parse(JSON.parse(text.replace(/^\s*```(?:json)?|```\s*$/g, '')))
  } catch {
    return null
  }
}

/** Only fields that the mission lets a model read. */
function inputOf({ operations, before, names }: Proposal, fields: readonly string[]): ScreenedInput {
  const planned = operations.map((operation, n) => ({
    operation: n,
    kind: operation.kind,
    records: touchedBy(operation).map(({ id }) => id),
    sets: setBy(operation)
      .filter(({ record, field }) => record && fields.includes(`${record.object}.${field}`))
      .map(({ record, field, from, to, source }) => ({ record: record?.id, field, from, to, source })),
  }))
  const records = Object.entries(before).map(([id, values]) => {
    const object = names[id]?.object ?? ''
    const allowed = Object.entries(values).filter(([field]) => fields.includes(`${object}.${field}`))
    return { object, id, ...Object.fromEntries(allowed) }
  })
  return new ScreenedInput({ planned, records }, {})
}

/** About the record that the operation is about; a concern about an operation that is not planned is dropped. */
function cautionsOf(proposal: Proposal, n: number, concern: Concern): Caution[] {
  const operation = proposal.operations[n]
  const record = operation && touchedBy(operation)[0]
  if (!record) return []
  const text: Phrase = [recordName(record.id, proposal), CONCERNS[concern]]
  return [{ code: concern, text, by: 'model' }]
}
