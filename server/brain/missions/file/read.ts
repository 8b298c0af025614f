import { MATCHED_OBJECT } from '../../../contract/org-objects.ts'
import { z } from 'zod'
import { ApiName } from '../../../contract/values/ids.ts'
import { Expression, Fields, StepName } from './words.ts'

const RecordStep = z.strictObject({
  object: ApiName,
  id: Expression.describe(
    'trigger.recordId for the record the run is about, or a lookup of a step before, e.g. lead.OwnerId',
  ),
  fields: Fields,
})
const MatchStep = z.strictObject({
  match: z.literal(MATCHED_OBJECT),
  to: StepName,
  by: z.array(z.enum(['name', 'domain', 'phone'])).min(1),
  atMost: z.number().int().min(1).max(20),
  fields: Fields,
})
const ChildrenStep = z.strictObject({
  object: ApiName,
  of: StepName,
  relationship: ApiName.describe('What the parent calls these records, e.g. Opportunities'),
  lookup: ApiName.describe('The field that points at the parent and that a merge moves, e.g. ParentId'),
  fields: Fields,
})

const HistoryStep = z.strictObject({
  history: StepName.describe('The step with the record whose changes are read'),
  fields: z.array(ApiName).min(1).max(20).describe('Fields for which the org keeps a history'),
})

export const ReadStep = z.union([RecordStep, MatchStep, ChildrenStep, HistoryStep])
