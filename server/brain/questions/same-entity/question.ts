// Asks which of several accounts are one company, and which of them the starting record belongs to.
import { z } from 'zod'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { ModelClaims } from '../../domain/model-call.ts'
import { mergePolicy, type MergePolicy } from '../../knowledge/merge-policy.ts'
import { COMPARED_FIELDS } from '../../matching/facts/company-facts.ts'
import { modelFieldsOf, unreadModelFields } from '../asking/model-fields.ts'
import { membersOf } from '../asking/record-members.ts'
import {
  recordOf,
  type Asking,
  type Given,
  type Meaning,
  type QuestionFault,
  type QuestionKind,
} from '../asking/question.ts'
import { linkChecks, linkWrongIf } from './propose/checks.ts'
import { rank } from './propose/survivor.ts'
import { rulebook } from './reason/rulebook.ts'
import { withSecondOpinion } from './reason/second-opinion.ts'
import type { SameEntityAnswer } from './shapes/reasoner.ts'

const StepName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a read step')

const SameEntityQuestion = z.strictObject({
  of: StepName.describe('The step that matches: the records that are compared'),
  to: StepName.describe('The step with the record they are compared with'),
  policy: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,79}$/)
    .describe('The document that says which record survives'),
  model: z
    .strictObject({ fields: z.array(z.string().regex(/^[A-Za-z]\w*\.[A-Za-z]\w*$/, 'e.g. Account.Name')).min(1) })
    .optional()
    .describe('Asks a language model for a second opinion, where one is set up; it gets these fields only'),
})
export type SameEntityQuestion = z.infer<typeof SameEntityQuestion>

/** The rules decide; a language model's opinion is shown beside them. */
const reasoner = withSecondOpinion(rulebook)

function faultsOf({ of, to, policy, model }: SameEntityQuestion, { steps, document }: Asking): QuestionFault[] {
  const faults: QuestionFault[] = []
  const matched = steps.find(({ name }) => name === of)
  if (!matched || !('match' in matched)) faults.push({ path: ['of'], message: `“${of}” is not a step that matches` })
  const start = steps.find(({ name }) => name === to)
  if (!start || !('id' in start)) faults.push({ path: ['to'], message: `“${to}” is not a step with one record` })
  const found = document(policy)
  if (!found) faults.push({ path: ['policy'], message: `no knowledge document is called ${policy}` })
  faults.push(...unreadModelFields({ model }, { steps }))
  return faults
}

/** What a proposal needs of the answer: the company's accounts, best first. Null when none was found. */
interface Company {
  survivor: RecordValues
  members: readonly RecordValues[]
  policy: { name: string; rules: MergePolicy; version: number }
}

export function companyOf(asked: SameEntityQuestion, answer: SameEntityAnswer, given: Given): Company | null {
  const members = (given.evidence.records[asked.of] ?? []).filter(({ id }) => answer.company.includes(id))
  const { source, version } = given.version(asked.policy)
  const rules = mergePolicy(source)
  const [survivor] = rank(members, rules.survivor).accounts
  return answer.chosen === null || !survivor
    ? null
    : { survivor, members, policy: { name: asked.policy, rules, version } }
}

function meaningOf(asked: SameEntityQuestion, answer: SameEntityAnswer, given: Given): Meaning {
  const company = companyOf(asked, answer, given)
  const start = recordOf(given.evidence, asked.to)
  const claims = claimsOf(answer)
  if (!company || !start)
    return { values: null, sources: {}, band: null, checks: [], wrongIf: [], restsOn: [], ...claims }
  const { survivor, members } = company
  const fields = given.steps.find(({ name }) => name === asked.of)?.fields ?? []
  return {
    values: {
      account: membersOf(survivor, fields, given.evidence.types[survivor.object]),
      accounts: members.map(({ id }) => id),
      band: answer.band,
    },
    sources: { '': `rule:the ${asked.to} belongs to it` },
    band: answer.band,
    checks: linkChecks(answer, start, members),
    wrongIf: linkWrongIf(answer, start, survivor),
    restsOn: [start, ...members].map((record) => ({ record, fields: COMPARED_FIELDS[record.object] ?? [] })),
    ...(answer.withheld && { withheld: answer.withheld }),
    ...claims,
  }
}

/** Empty when no model was heard. */
function claimsOf({ opinions, dropped }: SameEntityAnswer): { claims?: ModelClaims } {
  if (dropped === undefined) return {}
  const agreed = opinions.filter(({ agrees }) => agrees).length
  return { claims: { agreed, disagreed: opinions.length - agreed, dropped } }
}

export const sameEntity: QuestionKind<SameEntityQuestion, SameEntityAnswer> = {
  file: SameEntityQuestion,
  ends: true,
  check: faultsOf,
  members: ({ of }, { steps }) => {
    const matched = steps.find(({ name }) => name === of)
    return ['account.Id', ...(matched?.fields ?? []).map((field) => `account.${field}`), 'accounts', 'band']
  },
  documents: ({ policy }) => [policy],
  users: () => [],
  modelFields: modelFieldsOf,
  sentence: ({ of, to }) => `Which of the ${of} are one company, and does the ${to} belong to it?`,
  async *ask({ of, to, policy, model }, given) {
    const lead = recordOf(given.evidence, to)
    if (!lead) throw new TypeError(`the step ${to} has no record`)
    const accounts = given.evidence.records[of] ?? []
    const outside = { model: given.model, modelFields: model?.fields ?? null }
    return yield* reasoner.sameEntity(
      { lead, accounts, apart: given.evidence.apart ?? [] },
      [given.version(policy)],
      outside,
    )
  },
  meaning: meaningOf,
}
