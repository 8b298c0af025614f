// Messages between the clients of an embedded database and its thread; values are the database's own text.
import type { MessagePort } from 'node:worker_threads'

export interface ThreadQuestion {
  id: number
  /** The transaction that the statement belongs to, by a number of its client's; null outside one. */
  transaction: number | null
  /** Statement to run first: the one that begins the transaction. Its result is dropped. */
  begin: string | null
  /** True when the transaction is over after this statement, however that ends. */
  isLast: boolean
  text: string
  /** Null: sent as one simple query, which may hold several statements. */
  params: (string | null)[] | null
}

export interface ThreadResult {
  rows: (string | null)[][]
  fields: { name: string; dataTypeID: number }[]
  rowCount: number | null
  command: string
}

export type ThreadAnswer =
  | { kind: 'result'; id: number; results: ThreadResult[] }
  | { kind: 'error'; id: number; error: Record<string, string> }
  | { kind: 'notification'; channel: string; payload: string }

/** What the thread's owner asks of it. */
export type ThreadOrder = { kind: 'client'; port: MessagePort } | { kind: 'close' }
export type ThreadNotice = 'ready' | 'closed'
