// What the main thread and the jobs' thread say to each other.
import type { MessagePort } from 'node:worker_threads'
import type { Caller } from '../../../contract/call-token.ts'
import type { JobsSettings } from '../parts/run-jobs.ts'
import type { StorageSettings } from '../parts/open-storage.ts'
import type { Beats } from './heartbeat.ts'

export interface JobsThreadData {
  beats: Beats
  settings: JobsSettings & StorageSettings
  engine: string
  worker: string
  /** Module that exports `phasesWith`. */
  phasesModule: string
  /** To the embedded database; null: the thread opens its own pools. */
  database: MessagePort | null
  /** Where salesforce-mcp is; null: in the main thread, which gives a port when it is asked. */
  salesforceMcp: { url: string; caller: Caller } | null
}

export type JobsNotice =
  | { kind: 'ready' }
  | { kind: 'closed' }
  | { kind: 'set-aside' }
  | { kind: 'stray' }
  /** The other end of a new session with salesforce-mcp. */
  | { kind: 'salesforce'; port: MessagePort }

export type JobsOrder = 'close'
