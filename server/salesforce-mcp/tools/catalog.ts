// Every tool of salesforce-mcp, one file each; their schemas are the contract's.
import type { ToolName } from '../../contract/tools.ts'
import type { Tool } from '../services/services.ts'
import { acceptDecision } from './accept-decision.ts'
import { activateGrant } from './activate-grant.ts'
import { checkChangeSet } from './check-change-set.ts'
import { checkVisibility } from './check-visibility.ts'
import { commitChangeSet } from './commit-change-set.ts'
import { findCommitted } from './find-committed.ts'
import { findDeleted } from './find-deleted.ts'
import { findDuplicates } from './find-duplicates.ts'
import { describeGrant } from './describe-grant.ts'
import { find } from './find.ts'
import { getObjectSchema } from './get-object-schema.ts'
import { getRecordHistory } from './get-record-history.ts'
import { getRelatedRecords } from './get-related-records.ts'
import { getUserInfo } from './get-user-info.ts'
import { keepApart } from './keep-apart.ts'
import { listChanges } from './list-changes.ts'
import { listReceipts } from './list-receipts.ts'
import { openGrant } from './open-grant.ts'
import { readBack } from './read-back.ts'
import { resolveRoster } from './resolve-roster.ts'
import { soqlQuery } from './soql-query.ts'
import { voidChangeSet } from './void-change-set.ts'
import { withdrawGrant } from './withdraw-grant.ts'

export const catalog: { [T in ToolName]: Tool<T> } = {
  acceptDecision,
  openGrant,
  activateGrant,
  withdrawGrant,
  getUserInfo,
  describeGrant,
  getObjectSchema,
  soqlQuery,
  listChanges,
  findDeleted,
  find,
  findDuplicates,
  getRelatedRecords,
  getRecordHistory,
  checkVisibility,
  resolveRoster,
  checkChangeSet,
  commitChangeSet,
  voidChangeSet,
  keepApart,
  findCommitted,
  listReceipts,
  readBack,
}

/** Asked for people who look or decide, or to administer missions, not for a run: their calls are not part of any run's. */
export const OUTSIDE_RUNS: ReadonlySet<ToolName> = new Set([
  'checkVisibility',
  'resolveRoster',
  'openGrant',
  'describeGrant',
  'activateGrant',
  'withdrawGrant',
])
