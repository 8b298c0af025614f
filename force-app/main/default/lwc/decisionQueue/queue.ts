import { request } from 'c/missionSession'
import type { DecisionSummary, Risk } from '../../../../../server/contract/http.ts'

interface Page {
  items: DecisionSummary[]
  next: string | null
}

const weight: Record<Risk, number> = { high: 0, medium: 1, low: 2 }

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
    return request<Page>(`/api/v1/decisions?${query}`)
  }
  const [open, approved] = await Promise.all([of('open'), of('approved')])
  return [...open.items, ...approved.items.filter(({ verdict }) => verdict === null)].sort(byUrgency)
}

/**
 * Takes a fresh load into the list on the screen: what is there keeps its place, news goes to the end. An item that is
 * no longer waiting leaves, unless the person at the screen answered it or is looking at it.
 */
export function takeIn(
  shown: readonly DecisionSummary[],
  loaded: readonly DecisionSummary[],
  keep: (id: string) => boolean,
): DecisionSummary[] {
  const fresh = (old: DecisionSummary) => loaded.find(({ id }) => id === old.id)
  const stay = shown.flatMap((old) => fresh(old) ?? (keep(old.id) ? [old] : []))
  return [...stay, ...loaded.filter(({ id }) => !shown.some((old) => old.id === id))]
}
