// What the older API says about its jobs and batches, the same for XML and JSON.

import type { Batch, BatchJob } from './batch.ts'
import { totalMs } from '../jobs/job.ts'

type Info = Record<string, string | number | undefined>

/** A moment as both formats may have it. */
export type Clock = (ms: number) => string

export function jobFacts(job: BatchJob, batches: readonly Batch[], clock: Clock): Info {
  const count = (state: string): number => batches.filter((batch) => batch.state === state).length
  const sum = (of: (batch: Batch) => number): number => batches.reduce((total, batch) => total + of(batch), 0)
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.caller.userId,
    createdDate: clock(job.createdAt),
    systemModstamp: clock(job.changedAt),
    state: job.state,
    externalIdFieldName: job.externalIdFieldName,
    assignmentRuleId: job.assignmentRuleId,
    concurrencyMode: job.concurrencyMode,
    contentType: job.contentType,
    numberBatchesQueued: count('Queued'),
    numberBatchesInProgress: count('InProgress'),
    numberBatchesCompleted: count('JobComplete'),
    numberBatchesFailed: count('Failed'),
    numberBatchesTotal: batches.length,
    numberRecordsProcessed: sum(({ processed }) => processed),
    numberRetries: 0,
    numberRecordsFailed: sum(({ failed }) => failed),
    totalProcessingTime: sum(totalMs),
    apiActiveProcessingTime: sum(({ activeMs }) => activeMs),
    apexProcessingTime: 0,
  }
}

const STATES: Record<string, string> = { JobComplete: 'Completed', Aborted: 'NotProcessed' }

export function batchFacts(batch: Batch, clock: Clock): Info {
  return {
    id: batch.id,
    jobId: batch.jobId,
    state: STATES[batch.state] ?? batch.state,
    stateMessage: batch.errorMessage,
    createdDate: clock(batch.createdAt),
    systemModstamp: clock(batch.changedAt),
    numberRecordsProcessed: batch.processed,
    numberRecordsFailed: batch.failed,
    totalProcessingTime: totalMs(batch),
    apiActiveProcessingTime: batch.activeMs,
    apexProcessingTime: 0,
  }
}

/** The job in the lists of Bulk API 2.0, which name these jobs too. */
export function classicSummary(job: BatchJob): Record<string, unknown> & { n: number } {
  const at = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000')
  return {
    n: job.n,
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.caller.userId,
    createdDate: at(job.createdAt),
    systemModstamp: at(job.changedAt),
    state: job.state,
    ...(job.externalIdFieldName ? { externalIdFieldName: job.externalIdFieldName } : {}),
    concurrencyMode: job.concurrencyMode,
    contentType: job.contentType,
    apiVersion: Number(job.caller.version),
    jobType: 'Classic',
    isPkChunkingEnabled: job.chunking !== undefined,
  }
}
