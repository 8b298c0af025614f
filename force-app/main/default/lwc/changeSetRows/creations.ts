import { formatLabel } from 'c/missionWords'
import { labels } from './labels'
import type { LeafIndex } from './leaves'
import type { Creation, Row } from './rows'

/** Parts rows into those of records that are to be made and the rest. Rows that require review stay where they are. */
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
  const from = source ? ` ${formatLabel(labels.from, source)}.` : ''
  return { key, title, rows, source, spoken: `${title}. ${values}.${from}` }
}
