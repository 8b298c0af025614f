import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi'
import { request } from 'c/missionSession'
import type { DecisionSummary, DecisionView } from '../../../../../server/contract/http.ts'
import type { Verdict } from '../../../../../server/contract/states.ts'

const WROTE: readonly (Verdict | null)[] = ['verified', 'differs', 'partly', 'unknown', 'undone']

/** The records that decisions wrote: after a verdict the page reads them again, so that nobody looks at values of before. */
export class TouchedRecords {
  private readonly refreshed = new Set<string>()

  /** Tells the page, once per decision, when its verdict says that something was written. */
  async refresh(decision: Pick<DecisionSummary, 'id' | 'verdict' | 'subject'>): Promise<void> {
    if (!WROTE.includes(decision.verdict) || this.refreshed.has(decision.id)) return
    this.refreshed.add(decision.id)
    try {
      const { rights } = await request<DecisionView>(`/api/v1/decisions/${encodeURIComponent(decision.id)}`)
      const ids = rights.flatMap((right) => ('id' in right ? [right.id] : []))
      const touched = new Set([decision.subject.id, ...ids])
      await notifyRecordUpdateAvailable([...touched].map((recordId) => ({ recordId })))
    } catch {
      // The outcome is on the screen already; the page shows the new values when it is opened anew.
    }
  }
}
