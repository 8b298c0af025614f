import { formatLabel, observationWords, phases } from 'c/missionWords'
import type { ObservationView } from '../../../../../server/contract/http.ts'
import type { ObservationKind } from '../../../../../server/contract/states.ts'
import { labels } from './labels'

export interface PhaseGroup {
  key: string
  word: string
  observations: ObservationView[]
}

/** Cursors are numbers written as text, perhaps several in a row; they are compared number by number. */
function byCursor(a: ObservationView, b: ObservationView): number {
  const left = a.cursor.match(/\d+/g) ?? []
  const right = b.cursor.match(/\d+/g) ?? []
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = BigInt(left[i] ?? 0) - BigInt(right[i] ?? 0)
    if (difference !== 0n) return difference < 0n ? -1 : 1
  }
  return 0
}

/** Adds new observations, each once, in the order of the event table. */
export function merge(shown: readonly ObservationView[], news: readonly ObservationView[]): ObservationView[] {
  const known = new Set(shown.map(({ id }) => id))
  const added = news.filter(({ id }) => !known.has(id) && known.add(id))
  if (added.length === 0) return [...shown]
  return [...shown, ...added].sort(byCursor)
}

/**
 * The same observations with names for records that were named elsewhere in the run; the record whose page this is needs
 * no mention.
 */
export function named(observations: readonly ObservationView[], pageRecord: string | null): ObservationView[] {
  const names: Record<string, string> = {}
  for (const { records } of observations) for (const { id, name } of records) if (name) names[id] = name
  return observations.map((observation) => ({
    ...observation,
    records: observation.records
      .filter(({ id }) => id !== pageRecord)
      .map((record) => ({ ...record, name: record.name ?? names[record.id] ?? null })),
  }))
}

/** Runs of observations of one phase; a phase that comes back after a re-check gets a group of its own. */
export function grouped(observations: readonly ObservationView[]): PhaseGroup[] {
  const groups: (PhaseGroup & { phase: string })[] = []
  for (const observation of observations) {
    const last = groups.at(-1)
    if (last?.phase === observation.phase) last.observations.push(observation)
    else {
      const word = phases.find(({ phase }) => phase === observation.phase)?.word ?? observation.phase
      groups.push({ key: observation.id, phase: observation.phase, word, observations: [observation] })
    }
  }
  return groups
}

/** One sentence for screen readers: `Read 3, Noticed 2.` */
export function summary(observations: readonly ObservationView[]): string {
  const counts = new Map<ObservationKind, number>()
  for (const { kind } of observations) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const parts = [...counts].map(([kind, count]) => formatLabel(labels.countOf, observationWords[kind].word, count))
  return parts.length > 0 ? `${parts.join(', ')}.` : ''
}
