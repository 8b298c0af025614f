// A job of the older Bulk API and one of its batches.
import type { Caller } from '../../../org/org.ts'
import { type BatchOrder, type Chunking } from './batch-order.ts'
import { type Progress } from '../jobs/job.ts'

export interface Batch extends Progress {
  n: number
  jobId: string
  /** As jobs of Bulk API 2.0 say it, besides Queued and NotProcessed; the wire says Completed and NotProcessed. */
  state: string
  resultId: string
  /** Paths that a query selects. */
  columns: string[]
  /** Made by the org from a query with PK chunking. */
  isChunk: boolean
}

export interface BatchJob extends BatchOrder {
  id: string
  n: number
  caller: Caller
  state: 'Open' | 'Closed' | 'Aborted'
  createdAt: number
  changedAt: number
  chunking?: Chunking
}
