// What the houses say to each other: shapes, digests and plans that more than one of them must understand the same way.
import { z } from 'zod'

/** A Salesforce id in its 18-character form. */
export const SalesforceId = z.string().regex(/^[a-zA-Z0-9]{18}$/, 'an 18-character Salesforce id')
export const ApiName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, 'an API name')

/** A field value in the form the org stores; numbers are decimal strings so that nothing is rounded on the way. */
export const FieldValue = z.union([z.string().max(131_072), z.boolean(), z.null()])
export type FieldValue = z.infer<typeof FieldValue>

/** Where a proposed value comes from; `model` and `text` sources always need a person. */
export const Source = z.union([
  z.literal('kept'),
  z.string().regex(/^record:[a-zA-Z0-9]{18}$/),
  z.string().regex(/^rule:.{1,120}$/),
  z.string().regex(/^knowledge:.{1,200}$/),
  z.string().regex(/^computed:.{1,200}$/),
  z.string().regex(/^model\(.{0,400}\)$/),
  z.string().regex(/^person:[a-zA-Z0-9]{18}$/),
])

const Change = z.strictObject({ from: FieldValue, to: FieldValue, source: Source })
const NewValue = z.strictObject({ to: FieldValue, source: Source })

export const Move = z.union([
  z.strictObject({ object: ApiName, field: ApiName, ids: z.array(SalesforceId).max(200) }),
  z.strictObject({ object: ApiName, field: ApiName, count: z.number().int().positive(), checksum: z.string() }),
])

export const UpdateOperation = z.strictObject({
  kind: z.literal('update'),
  object: ApiName,
  id: SalesforceId,
  fields: z.record(ApiName, Change),
})
export const ChangeOwnerOperation = z.strictObject({
  kind: z.literal('changeOwner'),
  object: ApiName,
  id: SalesforceId,
  from: SalesforceId,
  to: SalesforceId,
  source: Source,
  keepTeam: z.boolean(),
  /** SOAP OwnerChangeOptions to execute, e.g. `TransferOpenActivities`; everything not listed stays where it is. */
  transfer: z.array(z.string().max(60)).max(10),
})
export const CreateOperation = z.strictObject({
  kind: z.literal('create'),
  object: ApiName,
  /** Names the new record inside this change set. */
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/),
  fields: z.record(ApiName, NewValue),
})
export const MergeOperation = z.strictObject({
  kind: z.literal('merge'),
  object: ApiName,
  survivor: SalesforceId,
  losers: z.array(SalesforceId).min(1).max(2),
  /** Values set on the survivor; every other value of the survivor stays. */
  fields: z.record(ApiName, Change),
  moves: z.array(Move),
})
export const ConvertLeadOperation = z.strictObject({
  kind: z.literal('convertLead'),
  id: SalesforceId,
  convertedStatus: z.string().max(255),
  ownerId: SalesforceId.optional(),
  accountId: SalesforceId.optional(),
  contactId: SalesforceId.optional(),
  opportunity: z.enum(['none', 'existing', 'new']),
  overwriteLeadSource: z.literal(false),
})
export const DeleteOperation = z.strictObject({ kind: z.literal('delete'), object: ApiName, id: SalesforceId })

export const Operation = z.discriminatedUnion('kind', [
  UpdateOperation,
  ChangeOwnerOperation,
  CreateOperation,
  MergeOperation,
  ConvertLeadOperation,
  DeleteOperation,
])
export type Operation = z.infer<typeof Operation>
export type OperationKind = Operation['kind']
export type Source = z.infer<typeof Source>
export type Move = z.infer<typeof Move>

/** The gate line that applies: how many distinct people, and from where. */
export const GateRequirement = z.strictObject({
  /** Index of the line in the mission's gate list, for citing it. */
  line: z.number().int().min(0),
  needs: z.number().int().min(1).max(5),
  /** `group:RevOps` · `permission:Decide_Missions`. */
  from: z.string().regex(/^(group|permission):[A-Za-z0-9_]{1,80}$/),
})
export type GateRequirement = z.infer<typeof GateRequirement>

/**
 * Everything an approval covers. The digest is computed over salted commitments to each leaf of this document, so a
 * hidden or erased value can be left out without changing it.
 */
export const SealedDocument = z.strictObject({
  org: SalesforceId,
  decision: z.string().min(1).max(64),
  run: z.string().min(1).max(64),
  mission: z.string().max(80),
  missionVersion: z.number().int().positive(),
  grant: z.string().regex(/^[0-9a-f]{64}$/),
  version: z.number().int().positive(),
  gate: GateRequirement,
  /** User who launched the run, or null when an event did. */
  launcher: SalesforceId.nullable(),
  /** Users who edited this change set; they do not count as approvers. */
  editors: z.array(SalesforceId),
  expiresAt: z.string(),
  operations: z.array(Operation).min(1).max(100),
  /** `SystemModstamp` of every record an operation touches, as read when this version was composed. */
  base: z.record(SalesforceId, z.string()),
})
export type SealedDocument = z.infer<typeof SealedDocument>
