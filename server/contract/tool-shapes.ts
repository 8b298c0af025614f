// Shapes that several tools of salesforce-mcp take or answer with.
import { z } from 'zod'
import { TRANSACTION_KINDS } from './operations/fields.ts'
import { ApiName, SalesforceId } from './values/ids.ts'
import { ComparedAs, FieldValue } from './values/field-value.ts'
import { GateRequirement } from './gate/lines.ts'

export const GrantName = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('hash of an opened grant')
export const calls = z.number().int().describe('Salesforce API calls this tool call used')
export const FieldList = z
  .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_.]{0,120}$/))
  .min(1)
  .max(200)

/** A field as the org describes it to the reading user. */
export const DescribedField = z.object({
  name: ApiName,
  label: z.string(),
  type: z.string(),
  length: z.number(),
  updateable: z.boolean(),
  createable: z.boolean(),
  calculated: z.boolean(),
  permissionable: z.boolean(),
  referenceTo: z.array(z.string()),
})

export const Drift = z.object({
  id: SalesforceId,
  object: ApiName,
  field: z.string(),
  was: FieldValue,
  now: FieldValue,
  /** How the field's values were compared; absent in answers recorded before it was sent, and where no describe names the field. */
  as: ComparedAs.optional(),
  /** Who changed the record last, and when. */
  by: z.string().nullable(),
  at: z.string().nullable(),
})
export type Drift = z.infer<typeof Drift>

export const Blocker = z.object({
  /** `record-deleted` · `related-contact-on-both` · `person-and-business` · `circular-hierarchy` · `not-granted` · `record-locked` … */
  code: z.string(),
  sentence: z.string(),
  ids: z.array(SalesforceId),
})

/** What a gate comes to: it blocks, or it asks people of rosters. */
export const GateAnswer = z.union([
  z.strictObject({ block: z.string(), line: z.number().int() }),
  z.strictObject({ require: GateRequirement }),
])

export const TransactionOutcome = z.object({
  n: z.number().int(),
  kind: z.enum(TRANSACTION_KINDS),
  /** written now · already stood (a repeat) · refused by the org, nothing of it stands · not sent · result unknown yet */
  status: z.enum(['written', 'already', 'refused', 'notSent', 'unknown']),
  receiptId: SalesforceId.nullable(),
  /** Ids of created records by operation key; ids moved by a merge. */
  created: z.record(z.string(), SalesforceId),
  moved: z.array(SalesforceId),
  error: z.object({ code: z.string(), message: z.string(), fields: z.array(z.string()) }).nullable(),
})
export type TransactionOutcome = z.infer<typeof TransactionOutcome>

/** Proof that the transaction of this key stands in the org. */
export const Receipt = z.object({ id: SalesforceId, key: z.string(), createdDate: z.string() })

/** How a record stands after a change; times in UTC, `at` is its system time stamp. */
export const RecordChange = z.object({
  id: SalesforceId,
  createdAt: z.iso.datetime(),
  modifiedAt: z.iso.datetime(),
  at: z.iso.datetime(),
  /** The writer made the last change of it. */
  byWriter: z.boolean(),
  /** In the Recycle Bin. */
  isDeleted: z.boolean(),
  /** The surviving record of the merge that deleted it. */
  mergedInto: SalesforceId.nullable(),
})
