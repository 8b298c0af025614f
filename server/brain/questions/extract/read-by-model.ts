// What a language model reads out of texts. An answer is kept when it quotes words that stand in the text, and fits its shape.
import { z } from 'zod'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import { ScreenedInput } from '../../domain/screening/screened-input.ts'
import { droppedClaims, hearModel } from '../asking/hear-model.ts'
import type { Claim, Given, WithheldField } from '../asking/question.ts'
import { withheldClaims, withheldFields } from '../asking/withheld.ts'
import { admitted, type AnswerShape } from './answers.ts'

const Reply = z.object({
  answers: z
    .array(
      z.object({
        name: z.string().max(80),
        value: z.union([z.string().max(500), z.number().transform(String)]),
        text: z.number().int(),
        quote: z.string().max(1000),
      }),
    )
    .max(50),
})

/** A text that is looked at: a field of a record. */
export interface Text {
  record: RecordValues
  field: string
  text: string
}

/** A kept answer, with the field whose text states it. */
interface ReadAnswer {
  name: string
  value: FieldValue
  object: string
  field: string
}

export interface ReadByModel {
  answers: ReadAnswer[]
  /** Answers without words of the text, or of another shape. */
  dropped: number
  withheld: WithheldField[]
}

/** Null when no model was heard. */
export async function* readByModel(
  texts: readonly Text[],
  shapes: Readonly<Record<string, AnswerShape>>,
  { model }: Pick<Given, 'model'>,
): AsyncGenerator<Claim, ReadByModel | null, void> {
  if (model === null || texts.length === 0) return null
  const wanted = Object.entries(shapes).map(([name, shape]) => ({
    name,
    ...(Array.isArray(shape) ? { values: shape } : { kind: shape }),
  }))
  const records = texts.map(({ record: { object, id }, field, text }) => ({ object, id, [field]: text }))
  const input = new ScreenedInput({ records }, { answers: wanted, textsAre: 'records, numbered from 1 in their order' })
  const withheld = withheldFields(
    input,
    texts.map(({ record }) => record),
  )
  yield* withheldClaims(withheld)
  const { reply, claims } = await hearModel(model, { prompt: 'extract', input, reply: Reply })
  yield* claims
  if (reply === null) return null
  const hidden = new Set(input.withheld.map(({ path }) => Number(path[1])))
  const answers: ReadAnswer[] = []
  for (const said of reply.answers) {
    const from = hidden.has(said.text - 1) ? undefined : texts[said.text - 1]
    const shape = Object.hasOwn(shapes, said.name) ? shapes[said.name] : undefined
    const value = from && shape && stands(said.quote, from.text) ? admitted(said.value, shape) : null
    const isFirst = !answers.some(({ name }) => name === said.name)
    if (value !== null && isFirst)
      answers.push({ name: said.name, value, object: from!.record.object, field: from!.field })
  }
  const dropped = reply.answers.length - answers.length
  yield* droppedClaims(dropped)
  return { answers, dropped, withheld }
}

const plain = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/gu, ' ').trim().toLowerCase()

/** A quote of less than three letters stands everywhere. */
const stands = (quote: string, text: string): boolean =>
  (quote.match(/[\p{L}\p{N}]/gu) ?? []).length >= 3 && plain(text).includes(plain(quote))
