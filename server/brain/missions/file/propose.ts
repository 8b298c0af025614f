import { z } from 'zod'
import { ApiName } from '../../../contract/values/ids.ts'
import { Expression, StepName } from './words.ts'

const When = Expression.optional().describe('Proposes only when this holds')
const As = StepName.optional().describe('Name by which later proposals know whether this one proposes something')
const Values = z.record(ApiName, Expression).describe('Fields with the expressions that give their values')

export const Template = z.union([
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
