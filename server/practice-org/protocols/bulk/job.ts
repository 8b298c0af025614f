import { z } from 'zod'
import type { Caller } from '../../org.ts'
import type { QueryResult } from './query-run.ts'
import { OPERATIONS, type RowResult } from './row-writes.ts'

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

interface JobBase {
  id: string
  caller: Caller
  createdAt: number
  changedAt: number
  state: JobState
  errorMessage?: string
}
export interface IngestJob extends JobBase, z.infer<typeof IngestOrder> {
  kind: 'ingest'
  upload: string | undefined
  columns: string[]
  rows: string[][]
  /** One per row that was tried, in order. */
  results: RowResult[]
}
export interface QueryJob extends JobBase, z.infer<typeof QueryOrder> {
  kind: 'query'
  object: string
  result: QueryResult
}
export type Job = IngestJob | QueryJob

const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000')

/** The job as the API shows it. */
export function jobInfo(job: Job): Record<string, unknown> {
  const { id, operation, object, caller, state, errorMessage } = job
  const version = Number(caller.version)
  const shared = {
    id,
    operation,
    object,
    createdById: caller.userId,
    createdDate: iso(job.createdAt),
    systemModstamp: iso(job.changedAt),
    state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: version,
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    retries: 0,
    totalProcessingTime: job.changedAt - job.createdAt,
    ...(errorMessage ? { errorMessage } : {}),
  }
  if (job.kind === 'query') return { ...shared, jobType: 'V2Query', numberRecordsProcessed: job.result.rows.length }
  return {
    ...shared,
    ...(job.externalIdFieldName ? { externalIdFieldName: job.externalIdFieldName } : {}),
    contentUrl: `services/data/v${caller.version}/jobs/ingest/${id}/batches`,
    jobType: 'V2Ingest',
    apiActiveProcessingTime: job.changedAt - job.createdAt,
    apexProcessingTime: 0,
    numberRecordsProcessed: job.results.length,
    numberRecordsFailed: job.results.filter(({ error }) => error !== undefined).length,
  }
}
