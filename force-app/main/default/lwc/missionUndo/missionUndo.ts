// Requests the undo of a change that was written, after showing what it would restore.
import { LightningElement, api } from 'lwc'
import { BrainProblem, OrgRefusal, messageOf, request } from 'c/missionSession'
import { formatLabel, isWritten } from 'c/missionWords'
import type { DecisionView, StartedRun } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

export default class MissionUndo extends LightningElement {
  @api decision: Pick<DecisionView, 'id' | 'verdict' | 'undo'> | null = null

  asking = false
  busy = false
  reason = ''
  errorText: string | null = null
  announcement = ''
  readonly labels = labels

  /** The same reason, sent again after no answer came, must not start a second undo. */
  private sent: { reason: string; key: string } | null = null
  private focusAfter: string | null = null

  get isOffered(): boolean {
    return isWritten(this.decision?.verdict)
  }

  get sentence(): string {
    return this.decision?.undo.sentence ?? ''
  }

  get showsButton(): boolean {
    return Boolean(this.decision?.undo.possible) && !this.asking
  }

  get showsForm(): boolean {
    return Boolean(this.decision?.undo.possible) && this.asking
  }

  /** Why there is no undo now; a request that was just sent is announced instead. */
  get why(): string | null {
    return this.announcement ? null : (this.decision?.undo.why ?? null)
  }

  handleStart(): void {
    this.asking = true
    this.announcement = ''
    this.focusAfter = 'textarea'
  }

  handleCancel(): void {
    this.asking = false
    this.errorText = null
    this.focusAfter = '[data-id="undo"]'
  }

  handleReason(event: Event): void {
    this.reason = (event.target as HTMLTextAreaElement).value
  }

  /** Letters typed here are text, not answers; Escape goes back to the button. */
  handleTextKey(event: KeyboardEvent): void {
    event.stopPropagation()
    if (event.key === 'Escape') this.handleCancel()
  }

  async handleRequest(): Promise<void> {
    const { decision } = this
    const reason = this.reason.trim()
    if (!decision || this.busy) return
    if (!reason) return this.showError(labels.reasonMissing)
    if (this.sent?.reason !== reason) this.sent = { reason, key: crypto.randomUUID() }
    this.busy = true
    this.errorText = null
    try {
      const { runId } = await request<StartedRun>(`/api/v1/decisions/${encodeURIComponent(decision.id)}/undo`, {
        method: 'POST',
        body: JSON.stringify({ reason }),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': this.sent.key },
      })
      this.showRequested(runId)
    } catch (error) {
      this.showError(errorTextOf(error))
    } finally {
      this.busy = false
    }
  }

  private showRequested(runId: string): void {
    this.asking = false
    this.reason = ''
    this.announcement = labels.requested
    this.focusAfter = '[data-id="announcement"]'
    this.dispatchEvent(new CustomEvent('undoasked', { detail: { runId } }))
  }

  private showError(errorText: string): void {
    this.errorText = errorText
    this.focusAfter = 'textarea'
  }

  renderedCallback(): void {
    if (!this.focusAfter) return
    const target = this.template?.querySelector<HTMLElement>(this.focusAfter)
    if (!target) return
    this.focusAfter = null
    target.focus()
  }
}

/** Only a refusal is known not to have started a run. */
function errorTextOf(error: unknown): string {
  const isRefused = error instanceof OrgRefusal || (error instanceof BrainProblem && error.status < 500)
  return formatLabel(isRefused ? labels.refused : labels.noAnswer, messageOf(error))
}
