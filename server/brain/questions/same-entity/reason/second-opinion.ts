import { z } from 'zod'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { KnowledgeVersion } from '../../../domain/mission.ts'
import { fit, nameOf } from '../../../domain/say.ts'
import { ScreenedInput } from '../../../domain/screening/screened-input.ts'
import { droppedClaims, hearModel } from '../../asking/hear-model.ts'
import type { Claim, WithheldField } from '../../asking/question.ts'
import { withheldClaims, withheldFields } from '../../asking/withheld.ts'
import type { Opinion, PairFinding, Reasoner, SameEntityAnswer, SameEntityEvidence } from '../shapes/reasoner.ts'

const Reply = z.object({
  pairs: z.array(
    z.object({
      a: z.string(),
      b: z.string(),
      verdict: z.enum(['same', 'different', 'unsure']),
      /** Ids of the records the verdict rests on. */
      records: z.array(z.string()),
    }),
  ),
})
type Reply = z.infer<typeof Reply>

/** Documents that bear on sameness; what names people, as territories do, is none of the model's business. */
const POLICIES = new Set(['account-merge-policy'])
const USERNAME = /[^\s|<>()"'`,;:]+@[^\s|<>()"'`,;:]+/g

/**
 * The rules decide; a language model advises, and the reviewer sees every disagreement. Where none is set up, or the mission
 * names no fields that one may read, no model is called.
 */
export function withSecondOpinion(rules: Reasoner): Reasoner {
  return {
    async *sameEntity(evidence, knowledge, outside) {
      const answer = yield* rules.sameEntity(evidence, knowledge, outside)
      const { model, modelFields } = outside
      if (model === null || modelFields === null || answer.pairs.length === 0) return answer
      const input = inputOf(evidence, answer, knowledge, modelFields)
      const withheld = withheldFields(input, [evidence.lead, ...evidence.accounts])
      yield* withheldClaims(withheld)
      const { reply, isOff, claims } = await hearModel(model, { prompt: 'second-opinion', input, reply: Reply })
      yield* claims
      if (isOff) return { ...answer, ...flagged(withheld) }
      const { opinions, dropped } = opinionsOf(reply, evidence, answer)
      yield* droppedClaims(dropped)
      yield* claimsOf(evidence, opinions)
      return { ...answer, ...flagged(withheld), opinions, dropped }
    },
  }
}

function inputOf(
  { lead, accounts }: SameEntityEvidence,
  { pairs }: SameEntityAnswer,
  knowledge: readonly KnowledgeVersion[],
  fields: readonly string[],
): ScreenedInput {
  const allowed = ({ object, id, values }: RecordValues) => ({
    object,
    id,
    ...Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(`${object}.${field}`))),
  })
  const ours = {
    pairs: pairs.map(({ a, b }) => ({ a, b })),
    policies: knowledge
      .filter(({ name }) => POLICIES.has(name))
      .map(({ name, version, source }) => ({ name, version, source: source.replace(USERNAME, '(a user)') })),
  }
  return new ScreenedInput({ records: [lead, ...accounts].map(allowed) }, ours)
}

/** Absent when nothing was withheld. */
const flagged = (withheld: WithheldField[]): Pick<SameEntityAnswer, 'withheld'> =>
  withheld.length === 0 ? {} : { withheld }

/** Keeps verdicts on the given pairs that rest on records that were read; drops and counts all others. */
function opinionsOf(reply: Reply | null, { lead, accounts }: SameEntityEvidence, { pairs }: SameEntityAnswer) {
  const read = new Set([lead, ...accounts].map(({ id }) => id))
  const opinions: Opinion[] = []
  let dropped = 0
  for (const said of reply?.pairs ?? []) {
    const pair = pairs.find(({ a, b }) => (a === said.a && b === said.b) || (a === said.b && b === said.a))
    const twice = pair && opinions.some(({ a, b }) => a === pair.a && b === pair.b)
    if (!pair || twice || said.records.length === 0 || !said.records.every((id) => read.has(id))) dropped++
    else if (said.verdict !== 'unsure') opinions.push(opinionOn(pair, said.verdict))
  }
  return { opinions: opinions.sort((x, y) => (`${x.a}${x.b}` < `${y.a}${y.b}` ? -1 : 1)), dropped }
}

function opinionOn({ a, b, verdict }: PairFinding, said: 'same' | 'different'): Opinion {
  return { a, b, verdict: said, agrees: (verdict === 'same') === (said === 'same') }
}

function* claimsOf({ lead, accounts }: SameEntityEvidence, opinions: readonly Opinion[]): Generator<Claim> {
  for (const { a, b, verdict } of opinions.filter(({ agrees }) => !agrees)) {
    const [left, right] = [a, b].map((id) => (id === lead.id ? 'The lead' : shown(accounts, id)))
    const says = verdict === 'same' ? ' one company; the rules do not' : ' two companies; the rules do not'
    const records = [a, b].map((id) => ({ object: id === lead.id ? 'Lead' : 'Account', id }))
    const text = fit([left ?? '', ' and ', right ?? '', ': a model sees', says])
    yield { kind: 'noticed', text, records, fields: [], citations: [], by: 'model' }
  }
}

function shown(accounts: readonly RecordValues[], id: string) {
  const name = accounts.find((account) => account.id === id)?.values['Name']
  return nameOf({ object: 'Account', id, name: typeof name === 'string' ? name : '(unnamed Account)' })
}
