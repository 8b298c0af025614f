import { z } from 'zod'
import { From, Roster } from '../../contract/gate/lines.ts'
import { FactName } from '../../contract/grant.ts'
import { ApiName } from '../../contract/values/ids.ts'
import { DECIMAL } from '../../contract/values/money.ts'
import { QUESTION_NAMES, QUESTIONS } from '../questions/registry.ts'

/** A field of the object itself, or of a parent: `Owner.Name`. */
const FieldPath = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,2}$/, 'a field, e.g. Owner.Name')
const Fields = z.array(FieldPath).min(1).max(200)
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'lower-case words joined by hyphens')
const StepName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name such as candidates')
const Expression = z.string().min(1).max(500).describe('CEL')
const Needs = z
  .union([z.number().int().min(1).max(5), z.array(Roster).min(1).max(5)])
  .describe('How many different people of `from`; or a list of rosters, all of which are asked')
const Asked = From.optional().describe('Who must answer: a public group or a custom permission, by developer name')

const Trigger = z.union([
  z.strictObject({
    change: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*\.(created|updated|deleted)$/, 'e.g. Lead.created'),
    after: z
      .string()
      .regex(/^\d{1,4}[smh]$/, 'e.g. 0s, 30s, 5m')
      .default('0s')
      .describe('A delay, so that enrichment tools can finish first'),
  }),
  z.strictObject({
    portal: z.strictObject({ scope: ApiName, filter: z.array(ApiName).max(20) }),
  }),
])

const RecordStep = z.strictObject({
  object: ApiName,
  id: Expression.describe(
    'trigger.recordId for the record the run is about, or a lookup of a step before, e.g. lead.OwnerId',
  ),
  fields: Fields,
})
const MatchStep = z.strictObject({
  match: z.literal('Account'),
  to: StepName,
  by: z.array(z.enum(['name', 'domain', 'phone'])).min(1),
  atMost: z.number().int().min(1).max(20),
  fields: Fields,
})
const ChildrenStep = z.strictObject({
  object: ApiName,
  of: StepName,
  relationship: ApiName.describe('What the parent calls these records, e.g. Opportunities'),
  lookup: ApiName.describe('The field that points at the parent and that a merge moves, e.g. AccountId'),
  fields: Fields,
})

/** Each kind of question under its own word; its shape is the kind's own. */
const questionFiles: z.ZodObject[] = QUESTION_NAMES.map((name) =>
  QUESTIONS[name].file.extend({ question: z.literal(name) }).strict(),
)
const Question = z.discriminatedUnion('question', questionFiles as [z.ZodObject, ...z.ZodObject[]])

const When = Expression.optional().describe('Proposes only when this holds')
const As = StepName.optional().describe('Name by which later proposals know whether this one proposes something')
const Values = z.record(ApiName, Expression).describe('Fields with the expressions that give their values')

const Template = z.union([
  z.strictObject({ update: z.strictObject({ record: StepName, when: When, as: As, set: Values }) }),
  z.strictObject({ create: z.strictObject({ object: ApiName, when: When, as: As, set: Values }) }),
  z.strictObject({
    merge: z.strictObject({
      of: StepName.describe('The question that found out which records are one'),
      when: When,
      as: As,
      fields: z.array(ApiName).min(1).max(200).describe('Fields that may be set on the survivor'),
      remove: z
        .array(ApiName)
        .max(10)
        .default([])
        .describe('Objects of which records may be deleted first, so that the org takes the merge'),
      putBack: z.array(StepName).max(20).default([]).describe('Steps whose records undo may move back'),
    }),
  }),
  z.strictObject({
    convert: z.strictObject({
      record: StepName,
      into: Expression,
      contact: Expression.optional(),
      owner: Expression.optional(),
      when: When,
      as: As,
    }),
  }),
])

const GateLine = z.union([
  z.strictObject({ when: Expression, block: z.string().min(1).max(80) }),
  z.strictObject({ when: Expression, needs: Needs, from: Asked }),
  z.strictObject({ otherwise: z.literal(true), needs: Needs, from: Asked }),
])

/** A mission as it stands in its YAML file. Published as `docs/schemas/mission.schema.json`. */
export const MissionFile = z.strictObject({
  mission: Name,
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(600),
  trigger: z.array(Trigger).min(1).max(5),
  read: z.record(StepName, z.union([RecordStep, MatchStep, ChildrenStep])),
  knowledge: z.array(Name).max(10),
  reason: z.record(StepName, Question).default({}),
  let: z.record(StepName, Expression).default({}).describe('Names for expressions, each over those before it'),
  skip: z
    .array(z.strictObject({ when: Expression, say: z.string().min(1).max(80) }))
    .max(20)
    .default([])
    .describe('Ends the run with nothing to do'),
  propose: z.array(Template).min(1).max(20),
  gate: z.array(GateLine).min(1).max(20).describe('Every line that matches applies: a block wins, rosters add up'),
  facts: z
    .record(FactName, z.string().regex(/^[A-Za-z]\w*\.[A-Za-z]\w*$/, 'e.g. Account.Legal_Hold__c'))
    .default({})
    .describe('Checkbox fields of the org that gate lines call by a name of their own'),
  limits: z.strictObject({
    records: z.number().int().min(1).max(1000),
    perDay: z.number().int().min(1).max(100_000),
    open: z.number().int().min(1).max(10_000).default(200).describe('Decisions that await people at one time'),
    apiCalls: z.number().int().min(1).max(100),
    minutes: z.number().int().min(1).max(1440),
    tokens: z.number().int().min(1).max(10_000_000).default(50_000).describe('Tokens of a language model per run'),
    cost: z
      .union([z.string(), z.number().transform(String)])
      .pipe(z.string().regex(DECIMAL, 'an amount such as "0.50"'))
      .optional()
      .describe('The most that language models may cost a run, in the currency of the settings'),
  }),
})
export type MissionFile = z.infer<typeof MissionFile>

/** The JSON Schema that editors check mission files with. */
export function missionJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(MissionFile, { io: 'input' }),
    title: 'Mission',
    description: 'What a mission reads, asks, may propose, and who must answer. Unknown keys are errors.',
  }
}
