import { z } from 'zod'
import { From, Roster } from '../../../contract/gate/lines.ts'
import { Expression } from './words.ts'

const Needs = z
  .union([z.number().int().min(1).max(5), z.array(Roster).min(1).max(5)])
  .describe('How many different people of `from`; or a list of rosters, all of which are asked')
const Asked = From.optional().describe('Who must answer: a public group or a custom permission, by developer name')

const Then = z
  .array(Roster)
  .min(1)
  .max(5)
  .optional()
  .describe('A list of rosters that are asked once everyone of `needs` has approved')

export const GateLine = z.union([
  z.strictObject({ when: Expression, block: z.string().min(1).max(80) }),
  z.strictObject({ when: Expression, needs: Needs, from: Asked, then: Then }),
  z.strictObject({ otherwise: z.literal(true), needs: Needs, from: Asked, then: Then }),
])
