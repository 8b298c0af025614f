import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi'
import { request } from 'c/missionSession'
import { mayHaveWritten } from 'c/missionWords'
import type { DecisionSummary, DecisionView } from '../../../../../server/contract/http.ts'

/** Makes the page read the records of a decision again once its verdict is in, so that no old value stays on the screen. */
export class RecordRefresher {
  private readonly refreshed = new Set<string>()

  /** Notifies the page, once per decision, when its verdict means that records may have been written. */
  async refresh(decision: Pick<DecisionSummary, 'id' | 'verdict' | 'subject'>): Promise<void> {
    if (!mayHaveWritten(decision.verdict) || this.refreshed.has(decision.id)) return
    this.refreshed.add(decision.id)
    try {
      const { rights } = await request<DecisionView>(`/api/v1/decisions/${encodeURIComponent(decision.id)}`)
      const ids = rights.flatMap((right) => ('id' in right ? [right.id] : []))
      const recordIds = new Set([decision.subject.id, ...ids])
      await notifyRecordUpdateAvailable([...recordIds].map((recordId) => ({ recordId })))
    } catch {
      // The outcome is on the screen already; the page shows the new values when it is opened again.
    }
  }
}
