/** Messages between the pool and the PGlite thread; values are the database's own text. */
export type ThreadQuestion =
  | {
      kind: 'query'
      id: number
      /** Statement to run first: the one that begins the transaction. Its result is dropped. */
      begin: string | null
      text: string
      /** Null: sent as one simple query, which may hold several statements. */
      params: (string | null)[] | null
    }
  | { kind: 'close'; id: number }

export interface ThreadResult {
  rows: (string | null)[][]
  fields: { name: string; dataTypeID: number }[]
  rowCount: number | null
  command: string
}

export type ThreadAnswer =
  | { kind: 'ready' }
  | { kind: 'result'; id: number; results: ThreadResult[] }
  | { kind: 'error'; id: number; error: Record<string, string> }
  | { kind: 'notification'; channel: string; payload: string }
