// The facts of a summary in a language model's words. A sentence is kept when it cites facts, and names no number that they lack.
import { z } from 'zod'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import { named } from '../../domain/named-record.ts'
import { ScreenedInput } from '../../domain/screening/screened-input.ts'
import { droppedClaims, hearModel } from '../asking/hear-model.ts'
import type { Claim, Given, WithheldField } from '../asking/question.ts'
import { withheldClaims } from '../asking/withheld.ts'
import type { Fact } from './fact.ts'

const Reply = z.object({
  sentences: z.array(z.object({ text: z.string().max(400), facts: z.array(z.number().int()) })).max(20),
})

export interface Retelling {
  sentences: { text: string; facts: number[] }[]
  /** Sentences that cited nothing, or said what their facts do not. */
  dropped: number
  withheld: WithheldField[]
}

/** Null when no model was heard. It is shown the facts that are for it. */
export async function* retold(facts: readonly Fact[], given: Given): AsyncGenerator<Claim, Retelling | null, void> {
  const shown = facts.flatMap((fact, n) => (fact.isForModel ? [{ fact, n }] : []))
  if (given.model === null || shown.length === 0) return null
  const input = new ScreenedInput(
    { facts: shown.map(({ fact, n }) => ({ number: n + 1, section: fact.section ?? '', text: fact.text })) },
    {},
  )
  const withheld = input.withheld.flatMap(({ path: [, index], signs }) =>
    withheldOf(shown[Number(index)]?.fact, signs, given),
  )
  yield* withheldClaims(withheld)
  const { reply, claims } = await hearModel(given.model, { prompt: 'summary', input, reply: Reply })
  yield* claims
  if (reply === null) return null
  const open = new Map(shown.map(({ fact, n }) => [n + 1, fact.text]))
  for (const { path } of input.withheld) open.delete((shown[Number(path[1])]?.n ?? -1) + 1)
  const sentences = reply.sentences.filter((sentence) => isKept(sentence, open))
  const dropped = reply.sentences.length - sentences.length
  yield* droppedClaims(dropped)
  return { sentences, dropped, withheld }
}

/** Numbers, dates and codes of a text: what a made-up sentence gets wrong most. */
const figuresIn = (text: string): string[] =>
  text.match(/\p{N}[\p{N}.,:/-]*/gu)?.map((each) => each.replace(/[.,:/-]+$/, '')) ?? []

function isKept({ text, facts }: { text: string; facts: number[] }, open: ReadonlyMap<number, string>): boolean {
  if (facts.length === 0 || text.trim() === '' || facts.some((n) => !open.has(n))) return false
  const figures = new Set(facts.flatMap((n) => figuresIn(open.get(n) ?? '')))
  return figuresIn(text).every((figure) => figures.has(figure))
}

function withheldOf(fact: Fact | undefined, signs: string[], { evidence }: Given): WithheldField[] {
  const [key] = fact?.records ?? []
  const records: RecordValues[] = Object.values(evidence.records).flat()
  const record = records.find(({ id }) => id === key?.id)
  const field = fact?.fields.find((each) => each.startsWith(`${record?.object}.`))?.split('.')[1]
  return record && field !== undefined ? [{ record: named(record), field, signs }] : []
}
