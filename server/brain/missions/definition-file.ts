import { z } from 'zod'
import { FactName } from '../../contract/grant.ts'
import { DECIMAL } from '../../contract/values/money.ts'
import { QUESTION_NAMES, QUESTIONS } from '../questions/registry.ts'
import { Commit } from './file/commit.ts'
import { GateLine } from './file/gate.ts'
import { Template } from './file/propose.ts'
import { ReadStep } from './file/read.ts'
import { Trigger } from './file/trigger.ts'
import { Expression, Name, StepName } from './file/words.ts'

/** Each kind of question under its own word; its shape is the kind's own. */
const questionFiles: z.ZodObject[] = QUESTION_NAMES.map((name) =>
  QUESTIONS[name].file.extend({ question: z.literal(name) }).strict(),
)
const Question = z.discriminatedUnion('question', questionFiles as [z.ZodObject, ...z.ZodObject[]])

/** A mission as it stands in its YAML file. Published as `docs/schemas/mission.schema.json`. */
export const MissionFile = z.strictObject({
  mission: Name,
  title: z.string().min(1).max(80),
  description: z.string().min(1).max(600),
  trigger: z.array(Trigger).min(1).max(5),
  read: z.record(StepName, ReadStep),
  knowledge: z.array(Name).max(10),
  reason: z.record(StepName, Question).default({}),
  let: z.record(StepName, Expression).default({}).describe('Names for expressions, each over those before it'),
  skip: z
    .array(z.strictObject({ when: Expression, say: z.string().min(1).max(80) }))
    .max(20)
    .default([])
    .describe('Ends the run with nothing to do'),
  propose: z.array(Template).min(1).max(20),
  assert: z
    .array(Expression)
    .min(1)
    .max(20)
    .optional()
    .describe('Must hold on the records as they are right before the first write; over steps with one record'),
  gate: z.array(GateLine).min(1).max(20).describe('Every line that matches applies: a block wins, rosters add up'),
  commit: Commit.optional(),
  facts: z
    .record(FactName, z.string().regex(/^[A-Za-z]\w*\.[A-Za-z]\w*$/, 'e.g. Contract.Legal_Hold__c'))
    .default({})
    .describe('Checkbox fields of the org that gate lines call by a name of their own'),
  rollout: z
    .strictObject({ share: z.string().regex(/^(100|\d{1,2}(\.\d{1,2})?)%$/, 'e.g. 5%') })
    .optional()
    .describe('Events start runs for this share of the records alone; what a person launches is not limited'),
  watch: z
    .strictObject({ days: z.number().int().min(1).max(90) })
    .optional()
    .describe('Opens no decision: after so many days what it would have set is compared with what people did'),
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
