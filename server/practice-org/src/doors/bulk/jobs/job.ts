import { z } from 'zod'
import type { Caller } from '../../../org/org.ts'
import { OPERATIONS } from './row-writes.ts'

export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted'

export const DELIMITERS = { COMMA: ',', TAB: '\t', SEMICOLON: ';', PIPE: '|', CARET: '^', BACKQUOTE: '`' } as const
const Delimiter = z.enum(['COMMA', 'TAB', 'SEMICOLON', 'PIPE', 'CARET', 'BACKQUOTE']).default('COMMA')
const LineEnding = z.enum(['LF', 'CRLF']).default('LF')

export const IngestOrder = z.object({
  object: z.string().min(1),
  operation: z.enum(OPERATIONS),
  externalIdFieldName: z.string().min(1).optional(),
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: Delimiter,
  lineEnding: LineEnding,
  assignmentRuleId: z.string().optional(),
})
export const QueryOrder = z.object({
  operation: z.enum(['query', 'queryAll']),
  query: z.string().min(1),
  contentType: z.literal('CSV').default('CSV'),
  columnDelimiter: Delimiter,
  lineEnding: LineEnding,
})

/** How far something that runs in the background has come; times in ms. */
export interface Progress {
  id: string
  createdAt: number
  changedAt: number
  errorMessage?: string
  /** Rows that were tried or found, and those of them that were refused. */
  processed: number
  failed: number
  startedAt?: number
  endedAt?: number
  /** Time spent on its rows, without that spent waiting for others. */
  activeMs: number
}

export interface JobBase extends Progress {
  /** Order of creation. */
  n: number
  caller: Caller
  state: JobState
}
export interface IngestJob extends JobBase, z.infer<typeof IngestOrder> {
  kind: 'ingest'
  /** Whether there is an upload, which may be empty. */
  uploaded: boolean
  columns: string[]
  /** Where in the upload the next row begins; 0 before the header was read. */
  at: number
}
export interface QueryJob extends JobBase, z.infer<typeof QueryOrder> {
  kind: 'query'
  object: string
  columns: string[]
}
export type Job = IngestJob | QueryJob

export const isOver = ({ state }: { state: string }): boolean => ['JobComplete', 'Failed', 'Aborted'].includes(state)

const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000')

/** The job as lists and changes show it. */
export function jobSummary(job: Job): Record<string, unknown> {
  const shared = {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.caller.userId,
    createdDate: iso(job.createdAt),
    systemModstamp: iso(job.changedAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: Number(job.caller.version),
    jobType: job.kind === 'query' ? 'V2Query' : 'V2Ingest',
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
  }
  if (job.kind === 'query') return shared
  return {
    ...shared,
    ...(job.externalIdFieldName ? { externalIdFieldName: job.externalIdFieldName } : {}),
    ...(job.assignmentRuleId ? { assignmentRuleId: job.assignmentRuleId } : {}),
    contentUrl: `services/data/v${job.caller.version}/jobs/ingest/${job.id}/batches`,
  }
}

/** Milliseconds from its start to its end, or to its last change while it runs. */
export const totalMs = ({ startedAt, endedAt, changedAt }: Progress): number =>
  startedAt === undefined ? 0 : (endedAt ?? changedAt) - startedAt

/** The job as its own resource shows it, with what it has done so far. */
export function jobInfo(job: Job): Record<string, unknown> {
  const counted = {
    ...jobSummary(job),
    numberRecordsProcessed: job.processed,
    retries: 0,
    totalProcessingTime: totalMs(job),
    ...(job.errorMessage ? { errorMessage: job.errorMessage } : {}),
  }
  if (job.kind === 'query') return { ...counted, isPkChunkingSupported: true }
  return {
    ...counted,
    numberRecordsFailed: job.failed,
    apiActiveProcessingTime: job.activeMs,
    apexProcessingTime: 0,
  }
}
