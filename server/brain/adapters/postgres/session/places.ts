/** Where a sealed value lies: it opens in its own row only, so that values of one run cannot be exchanged. */
export interface Place {
  runId: string
  table: 'run' | 'decision' | 'body' | 'approval' | 'event'
  row: string
}

/** The place of a row's `sealed` column. */
export const placeOf = {
  run: ({ id }: { id: string }): Place => ({ runId: id, table: 'run', row: id }),
  decision: ({ id, runId }: { id: string; runId: string }): Place => ({ runId, table: 'decision', row: id }),
  body: ({ hash, runId }: { hash: string; runId: string }): Place => ({ runId, table: 'body', row: hash }),
  event: ({ id, runId }: { id: string; runId: string }): Place => ({ runId, table: 'event', row: id }),
  /** By its key: the row's number is not known before it is written. */
  approval(value: { runId: string; decisionId: string; version: number; userId: string }): Place {
    const { runId, decisionId, version, userId } = value
    return { runId, table: 'approval', row: `${decisionId}/${version}/${userId}` }
  },
}
