import type { Row } from './changeSetRows'
import type { LeafIndex } from './leaves'

/** A record that is to be made: its values are read together, not one by one. */
export interface Creation {
  key: string
  /** `New Task` */
  title: string
  rows: Row[]
  /** Where all values come from when it is one place for all of them; else null and each row says its own. */
  source: string | null
  /** The whole of it as one sentence for those who hear it. */
  spoken: string
}

/** Parts rows into those of records that are to be made and the rest. Rows that need a look stay where they are. */
export function creationsOf(rows: readonly Row[], leaves: LeafIndex): { creations: Creation[]; rest: Row[] } {
  const byOperation: Record<string, Row[]> = {}
  const rest: Row[] = []
  for (const row of rows) {
    const operation = /^\/operations\/\d+/.exec(row.key)?.[0] ?? ''
    const isNew = row.group !== 'gated' && leaves.textAt(`${operation}/kind`) === 'create'
    if (isNew) (byOperation[operation] ??= []).push(row)
    else rest.push(row)
  }
  return { creations: Object.entries(byOperation).map(([key, some]) => creation(key, some)), rest }
}

function creation(key: string, rows: Row[]): Creation {
  const title = rows[0]?.record ?? ''
  const sources = new Set(rows.map(({ source }) => source))
  const source = sources.size === 1 ? (rows[0]?.source ?? null) : null
  const values = rows.map(({ label, after }) => `${label}: ${after.text}`).join('. ')
  return { key, title, rows, source, spoken: `${title}. ${values}.${source ? ` From: ${source}.` : ''}` }
}
