import { z } from 'zod'
import { ACTIVATION_TOOLS } from './activation.ts'
import { Assertion } from './assertion.ts'
import { AcceptedDecision, DecisionClaims } from './approval-token.ts'
import { boundedRecord } from './values/bounded-record.ts'
import { ApiName, SalesforceId } from './values/ids.ts'
import { RecordValues } from './values/record-values.ts'
import { FieldTypes, FieldValue } from './values/field-value.ts'
import { Operation } from './operations/operation.ts'
import { Leaf } from './seal.ts'
import {
  GrantName,
  calls,
  FieldList,
  DescribedField,
  Drift,
  Blocker,
  GateAnswer,
  TransactionOutcome,
  Receipt,
  RecordChange,
} from './tool-shapes.ts'

/** Every tool of salesforce-mcp: its arguments and its result. One source for server, client and docs; limits are in `tool-manifest.ts`. */
export const tools = {
  acceptDecision: {
    description:
      'Takes an org-signed decision token within its minute and seals it. Refuses any other signature, audience, org, a used or an expired one.',
    input: z.strictObject({ token: z.string().max(8192) }),
    output: z.object({ accepted: AcceptedDecision, claims: DecisionClaims }),
  },
  ...ACTIVATION_TOOLS,
  getUserInfo: {
    description: 'The org and the user that read on behalf of the brain.',
    input: z.strictObject({}),
    output: z.object({ organizationId: SalesforceId, userId: SalesforceId, username: z.string(), calls }),
  },
  getObjectSchema: {
    description:
      'Fields and child relationships of an object, as described for the reading user. Cached for ten minutes.',
    input: z.strictObject({ grant: GrantName, object: ApiName }),
    output: z.object({
      object: ApiName,
      label: z.string(),
      fields: z.array(DescribedField),
      childRelationships: z.array(
        z.object({ object: ApiName, field: ApiName, relationshipName: z.string().nullable() }),
      ),
      calls,
    }),
  },
  soqlQuery: {
    description: 'Runs up to five granted SOQL queries in one API call.',
    input: z.strictObject({ grant: GrantName, queries: z.array(z.string().max(20_000)).min(1).max(5) }),
    output: z.object({ results: z.array(z.object({ totalSize: z.number(), records: z.array(RecordValues) })), calls }),
  },
  listChanges: {
    description:
      'Records of an object that were created, changed or deleted since a time, oldest first, at most 200: ids and times alone. One API call.',
    input: z.strictObject({
      grant: GrantName,
      object: ApiName,
      since: z.iso.datetime({ offset: true }).max(40),
      /** The last id read of the second that `since` names; null for the first page. */
      after: SalesforceId.nullable(),
      /** Leaves out records that were only changed: those in the Recycle Bin and those created since this time remain. */
      createdSince: z.iso.datetime({ offset: true }).max(40).nullable(),
    }),
    output: z.object({
      changes: z.array(RecordChange),
      /** There may be later ones. */
      more: z.boolean(),
      calls,
    }),
  },
  findDeleted: {
    description:
      'Which of these records are in the Recycle Bin, and which the reading user cannot see at all. One API call.',
    input: z.strictObject({ grant: GrantName, object: ApiName, ids: z.array(SalesforceId).min(1).max(200) }),
    output: z.object({ deleted: z.array(RecordChange), missing: z.array(SalesforceId), calls }),
  },
  find: {
    description: 'Full-text search; the org’s index may lag by minutes.',
    input: z.strictObject({
      grant: GrantName,
      term: z.string().min(2).max(200),
      objects: z
        .array(z.strictObject({ name: ApiName, fields: FieldList, limit: z.number().int().min(1).max(200) }))
        .min(1)
        .max(20),
    }),
    output: z.object({ records: z.array(RecordValues), calls }),
  },
  findDuplicates: {
    description:
      'Candidates for a company: search by name, indexed fields (website, phone), and records created lately that search may not know yet. Two API calls.',
    input: z.strictObject({
      grant: GrantName,
      object: z.literal('Account'),
      /** Distinctive words of the name, domains without `www.`, phone endings (at least 7 digits); name and town as typed rank first. */
      like: z.strictObject({
        words: z.array(z.string().min(2).max(200)).max(6),
        domains: z.array(z.string().min(3).max(200)).max(4),
        phones: z.array(z.string().min(7).max(40)).max(4),
        name: z.string().min(2).max(255).optional(),
        town: z.string().min(1).max(80).optional(),
      }),
      fields: FieldList,
      createdSince: z.string().max(40),
      atMost: z.number().int().min(1).max(50),
    }),
    /** `leftOut`: records found beyond `atMost`. */
    output: z.object({ records: z.array(RecordValues), leftOut: z.number().int().min(0).optional(), calls }),
  },
  getRelatedRecords: {
    description: 'Records with their fields and the child records of each named relationship, in one API call.',
    input: z.strictObject({
      grant: GrantName,
      object: ApiName,
      ids: z.array(SalesforceId).min(1).max(20),
      fields: FieldList,
      relationships: z
        .array(z.strictObject({ path: z.string().max(80), fields: FieldList, limit: z.number().int().min(1).max(200) }))
        .max(20),
    }),
    output: z.object({
      records: z.array(RecordValues),
      apart: z
        .array(z.object({ record: SalesforceId, other: SalesforceId.nullable() }))
        .optional()
        .describe(
          'Records of these that people said are not the same; without `other` as none. Absent in answers recorded before',
        ),
      calls,
    }),
  },
  getRecordHistory: {
    description: 'Field history rows of a record, newest first.',
    input: z.strictObject({
      grant: GrantName,
      object: ApiName,
      id: SalesforceId,
      fields: z
        .array(ApiName)
        .min(1)
        .max(20)
        .optional()
        .describe('Only changes of these; without it, of all that the grant reads'),
    }),
    output: z.object({
      changes: z.array(
        z.object({ field: z.string(), from: FieldValue, to: FieldValue, by: z.string(), at: z.string() }),
      ),
      calls,
    }),
  },
  checkVisibility: {
    description:
      'Which of these records and fields a user may read, as the org answers it. What is of no object of these grants is hidden. Not part of a run’s calls.',
    input: z.strictObject({
      userId: SalesforceId,
      grants: z
        .array(GrantName)
        .min(1)
        .max(200)
        .describe('Grants that administrators activated once; a superseded or withdrawn one counts too'),
      recordIds: z.array(SalesforceId).max(200),
      fields: z.array(z.string().max(200)).max(400),
    }),
    output: z.object({
      records: z.record(z.string(), z.boolean()),
      fields: z.record(z.string(), z.boolean()),
      unknown: z.array(GrantName).describe('Grants of these that count for nothing until they are opened again'),
      calls,
    }),
  },
  resolveRoster: {
    description:
      'The active users behind a roster that a gate line of the grant asks, as `group:Name` or `permission:Name`.',
    input: z.strictObject({ grant: GrantName, from: z.string().max(120) }),
    output: z.object({ users: z.array(z.object({ id: SalesforceId, name: z.string() })), calls }),
  },
  checkChangeSet: {
    description:
      'Compares a change set with the org as it is now: base values, drift, blockers that reading can tell. One API call.',
    input: z.strictObject({
      grant: GrantName,
      operations: z.array(Operation).min(1).max(100),
      base: boundedRecord(SalesforceId, z.string().max(40), 1000),
    }),
    output: z.object({
      base: z.record(SalesforceId, z.string()),
      drift: z.array(Drift),
      blockers: z.array(Blocker),
      gate: GateAnswer.nullable().describe(
        'What the grant’s gate asks of these operations now; null when they are outside it',
      ),
      calls,
    }),
  },
  commitChangeSet: {
    description:
      'The only tool that writes what missions propose. Wants every leaf of the sealed document open and an accepted decision of each approver the gate asks for.',
    input: z.strictObject({
      leaves: z.array(Leaf).min(1).max(20_000),
      approvals: z.array(AcceptedDecision).min(1).max(20),
      /** Hash of the brain's newest checkpoint, kept in the receipt: no part of what is approved. */
      anchor: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    output: z.object({
      digest: z.string(),
      transactions: z.array(TransactionOutcome),
      /** Granted values of the touched records right before the first write; absent when an earlier commit began. */
      before: z.array(RecordValues).optional(),
      drift: z.array(Drift),
      gate: GateAnswer.nullable().describe(
        'The gate now, when it blocks or asks more than was answered: nothing was written',
      ),
      unheld: z
        .array(Assertion)
        .optional()
        .describe(
          'Assertions that do not hold now: nothing was written; absent when all hold, and in answers recorded before',
        ),
      lapsed: z
        .array(z.object({ userId: SalesforceId, reason: z.string() }))
        .describe('Approvers who may no longer approve: nothing was written'),
      calls,
    }),
  },
  voidChangeSet: {
    description:
      'Marks in the org that a change set may no longer be written, in the place of its receipt. Asks for no approval: it only narrows.',
    input: z.strictObject({
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      decision: z.string().min(1).max(64),
      run: z.string().min(1).max(64),
      mission: z.string().min(1).max(80),
    }),
    output: z.object({
      /** False when it was written before: the org holds its receipt. */
      voided: z.boolean(),
      receipt: Receipt.nullable(),
      calls,
    }),
  },
  keepApart: {
    description:
      'Enters in the org that the records a change set would merge are not the same, on an accepted rejection of it. It only narrows.',
    input: z.strictObject({
      leaves: z.array(Leaf).min(1).max(20_000),
      rejection: AcceptedDecision,
      reason: z.string().min(1).max(255),
    }),
    output: z.object({ added: z.number().int().describe('Pairs that were not kept apart before'), calls }),
  },
  findCommitted: {
    description:
      'Which transactions of a change set stand in the org, by its receipt and the records as they are now. Writes nothing. One API call.',
    input: z.strictObject({ leaves: z.array(Leaf).min(1).max(20_000) }),
    output: z.object({
      digest: z.string(),
      /** `already` or `notSent` each. */
      transactions: z.array(TransactionOutcome),
      calls,
    }),
  },
  listReceipts: {
    description: 'Receipts of commits in the org from a time on, oldest first, at most 200. One API call.',
    input: z.strictObject({
      since: z.iso.datetime({ offset: true }).max(40),
      /** Leaves out those of other decisions. */
      decision: z.string().min(1).max(64).optional(),
    }),
    output: z.object({
      receipts: z.array(
        Receipt.extend({
          digest: z.string(),
          decision: z.string(),
          run: z.string(),
          approvedBy: z.array(SalesforceId),
        }),
      ),
      /** There may be later ones. */
      more: z.boolean(),
      calls,
    }),
  },
  readBack: {
    description:
      'Reads again every field the operations touch, the losers, the moved records and the receipts. One API call.',
    input: z.strictObject({
      grant: GrantName,
      digest: z.string().max(64),
      operations: z.array(Operation).min(1).max(100),
      created: boundedRecord(z.string().max(80), SalesforceId, 200),
    }),
    output: z.object({
      /** Every granted field of each touched record now, deleted ones included. */
      records: z.array(RecordValues),
      /** How the read fields of the touched records are compared; absent in answers recorded before it was sent. */
      types: FieldTypes.optional(),
      /** The read fields of each object that the org computes: formulas and roll-ups; absent in answers recorded before it was sent. */
      computed: z.record(z.string(), z.array(z.string())).optional(),
      receipts: z.array(Receipt),
      calls,
    }),
  },
} as const

export type ToolName = keyof typeof tools
export type ToolInput<T extends ToolName> = z.input<(typeof tools)[T]['input']>
export type ToolOutput<T extends ToolName> = z.output<(typeof tools)[T]['output']>
