import { request } from 'c/missionSession'
import type { ListOf, ObservationView, RunView } from '../../../../../server/contract/http.ts'

/** A run has a few hundred observations at most; a server that never ends its pages must not hold the screen. */
const MOST_PAGES = 50

export function newestFirst(a: RunView, b: RunView): number {
  return a.startedAt === b.startedAt ? 0 : a.startedAt < b.startedAt ? 1 : -1
}

/** Runs about a record, or all of them, newest first. */
export async function loadRuns(record: string | null): Promise<RunView[]> {
  const query = record ? `?${new URLSearchParams({ record })}` : ''
  const { items } = await request<ListOf<RunView>>(`/api/v1/runs${query}`)
  return [...items].sort(newestFirst)
}

export function loadRun(id: string): Promise<RunView> {
  return request<RunView>(`/api/v1/runs/${encodeURIComponent(id)}`)
}

/** Every observation of a run after `after`, a cursor; null for all. */
export async function loadObservations(id: string, after: string | null): Promise<ObservationView[]> {
  const found: ObservationView[] = []
  let cursor = after
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = cursor ? `?${new URLSearchParams({ after: cursor })}` : ''
    const { items, next } = await request<ListOf<ObservationView>>(
      `/api/v1/runs/${encodeURIComponent(id)}/observations${query}`,
    )
    found.push(...items)
    if (!next || next === cursor) break
    cursor = next
  }
  return found
}
