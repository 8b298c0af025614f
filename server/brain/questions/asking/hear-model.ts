// Asks a language model beside the rules: one try and one repair, its answer parsed at the door. The rules never need it.
import { z } from 'zod'
import { isAnotherModel } from '../../domain/model-call.ts'
import type { ScreenedInput } from '../../domain/screening/screened-input.ts'
import { INSTRUCTIONS, repairOf, type PromptName } from '../../prompts/prompts.ts'
import type { AskModel } from '../../runs/phase.ts'
import type { Claim } from './question.ts'

interface Heard<T> {
  /** Null when models are stopped, and when neither answer could be read. */
  reply: T | null
  /** An administrator had stopped models. */
  isOff: boolean
  /** What to say about the hearing itself. */
  claims: Claim[]
}

/** Asks under the question's own keys. The second answer is asked for only when the first cannot be read. */
export async function hearModel<T>(
  model: AskModel,
  { prompt, input, reply }: { prompt: PromptName; input: ScreenedInput; reply: z.ZodType<T> },
): Promise<Heard<T>> {
  const schema = z.toJSONSchema(reply, { io: 'input' })
  const first = await model('model', { instructions: INSTRUCTIONS[prompt], input, schema })
  const replies = [first]
  if (first !== 'off' && parsed(first.text, reply) === null)
    replies.push(await model('model-again', { instructions: repairOf(prompt), input, schema }))
  const last = replies.at(-1) ?? 'off'
  const changed = replies.some((each) => each !== 'off' && isAnotherModel(each))
  const heard = last === 'off' ? null : parsed(last.text, reply)
  return {
    reply: heard,
    isOff: last === 'off',
    claims: [
      ...(changed ? [plain('Another model answered than the one in the settings')] : []),
      ...(last === 'off' ? [plain('An administrator has stopped language models; the rules decide alone')] : []),
      ...(last !== 'off' && heard === null
        ? [plain('The model’s answer could not be read; the rules decide alone')]
        : []),
    ],
  }
}

/** Null for what is no such JSON. */
function parsed<T>(text: string, shape: z.ZodType<T>): T | null {
  try {
    return shape.parse(JSON.parse(text.replace(/^\s*```(?:json)?|```\s*$/g, '')))
  } catch {
    return null
  }
}

/** A claim about the hearing, which cites no record. */
const plain = (text: string): Claim => ({
  kind: 'noticed',
  text: [text],
  records: [],
  fields: [],
  citations: [],
  by: 'model',
})

/** Said when some of a model's claims cite nothing that was read. */
export const droppedClaims = (dropped: number): Claim[] =>
  dropped === 0
    ? []
    : [
        plain(
          `${dropped} of the model’s claims cited nothing that was read and ${dropped === 1 ? 'was' : 'were'} dropped`,
        ),
      ]
