import { request } from 'c/missionSession'
import type { Interest } from 'c/streamHub'
import type { DecisionSummary, ListOf } from '../../../../../server/contract/http.ts'
import type { Risk } from '../../../../../server/contract/states.ts'

const weight: Record<Risk, number> = { high: 0, medium: 1, low: 2 }

/** Subscribes to decisions and to the run whose change is being written; a record's events include its decisions. */
export function interestOf(record: string | null, selected: DecisionSummary | null): Interest {
  const isInFlight = selected?.status === 'approved' && selected.verdict === null
  return { record, run: isInFlight ? selected.runId : null, decisions: !record }
}

/** Riskiest first, then the one that expires first. */
export function byUrgency(a: DecisionSummary, b: DecisionSummary): number {
  const risk = weight[a.risk] - weight[b.risk]
  if (risk !== 0) return risk
  return a.expiresAt === b.expiresAt ? 0 : a.expiresAt < b.expiresAt ? -1 : 1
}

/** Decisions that wait for an answer and approved ones whose write has no verdict yet, about one record or all. */
export async function loadQueue(record: string | null): Promise<DecisionSummary[]> {
  const of = (status: string) => {
    const query = new URLSearchParams({ status, limit: '200', ...(record ? { record } : {}) })
    return request<ListOf<DecisionSummary>>(`/api/v1/decisions?${query}`)
  }
  const [open, approved] = await Promise.all([of('open'), of('approved')])
  return [...open.items, ...approved.items.filter(({ verdict }) => verdict === null)].sort(byUrgency)
}

/**
 * Merges loaded decisions into the list on the screen: listed ones keep their place, new ones go to the end. One that no
 * longer waits leaves, unless `keep` returns true for it.
 */
export function mergeLoaded(
  shown: readonly DecisionSummary[],
  loaded: readonly DecisionSummary[],
  keep: (id: string) => boolean,
): DecisionSummary[] {
  const fresh = (old: DecisionSummary) => loaded.find(({ id }) => id === old.id)
  const stay = shown.flatMap((old) => fresh(old) ?? (keep(old.id) ? [old] : []))
  return [...stay, ...loaded.filter(({ id }) => !shown.some((old) => old.id === id))]
}

/** How many of `items` were not in `before`. */
export function addedTo(before: readonly DecisionSummary[], items: readonly DecisionSummary[]): number {
  return items.filter(({ id }) => !before.some((old) => old.id === id)).length
}

/** The list after an event of one of its items: one that no longer waits leaves, unless `keep` returns true for it. */
export function withNews(
  items: readonly DecisionSummary[],
  news: DecisionSummary,
  keep: (id: string) => boolean,
): DecisionSummary[] {
  if (news.status !== 'open' && !keep(news.id)) return items.filter(({ id }) => id !== news.id)
  return items.map((item) => (item.id === news.id ? news : item))
}

/** The list without the decisions of a run whose contents were erased. */
export function withoutRun(items: readonly DecisionSummary[], runId: string): DecisionSummary[] {
  return items.filter((item) => item.runId !== runId)
}

/** The next decision after `id` that still waits, from the top again at the end. */
export function openAfter(items: readonly DecisionSummary[], id: string | null): DecisionSummary | undefined {
  const at = items.findIndex((item) => item.id === id)
  return [...items.slice(at + 1), ...items.slice(0, Math.max(at, 0))].find(({ status }) => status === 'open')
}
