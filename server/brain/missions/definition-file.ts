import { z } from 'zod'
import { From, Roster } from '../../contract/gate/lines.ts'
import { FactName } from '../../contract/grant.ts'
import { ApiName } from '../../contract/values/ids.ts'
import { DECIMAL } from '../../contract/values/money.ts'

/** A field of the object itself, or of a parent: `Owner.Name`. */
const FieldPath = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,2}$/, 'a field, e.g. Owner.Name')
const Fields = z.array(FieldPath).min(1).max(200)
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/, 'lower-case words joined by hyphens')
const StepName = z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'a name such as candidates')
const Expression = z.string().min(1).max(500).describe('CEL over record, merge, change and lead')
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

const RecordStep = z.strictObject({ object: ApiName, id: z.literal('trigger.recordId'), fields: Fields })
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
  reason: z.strictObject({
    question: z.string().min(1).max(200),
    answer: z.enum(['same-entity']),
    model: z
      .strictObject({ fields: z.array(z.string().regex(/^[A-Za-z]\w*\.[A-Za-z]\w*$/, 'e.g. Account.Name')).min(1) })
      .optional()
      .describe('Asks a language model for a second opinion, where one is set up; it gets these fields only'),
  }),
  propose: z.strictObject({
    merge: z
      .strictObject({ object: z.literal('Account'), survivorship: Name, fields: z.array(ApiName).min(1) })
      .optional(),
    update: z.record(ApiName, z.array(ApiName).min(1)).default({}),
    create: z.record(ApiName, z.array(ApiName).min(1)).default({}),
    delete: z.array(ApiName).default([]),
    convert: z.strictObject({ when: Expression }).optional(),
  }),
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
