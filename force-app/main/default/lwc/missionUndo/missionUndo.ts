// The way back from a change that was written: what comes back, what does not, and a proposal to do it.
import { LightningElement, api } from 'lwc'
import { NoAnswer, request } from 'c/missionSession'
import { isWritten } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

export default class MissionUndo extends LightningElement {
  @api decision: Pick<DecisionView, 'id' | 'verdict' | 'undo'> | null = null

  asking = false
  busy = false
  reason = ''
  trouble: string | null = null
  announcement = ''

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

  /** Why there is no undo now; what was just asked for is announced instead. */
  get why(): string | null {
    return this.announcement ? null : (this.decision?.undo.why ?? null)
  }

  start(): void {
    this.asking = true
    this.announcement = ''
    this.focusAfter = 'textarea'
  }

  cancel(): void {
    this.asking = false
    this.trouble = null
    this.focusAfter = '[data-id="undo"]'
  }

  typeReason(event: Event): void {
    this.reason = (event.target as HTMLTextAreaElement).value
  }

  /** Letters typed here are text, not answers; Escape goes back to the button. */
  keepKeys(event: KeyboardEvent): void {
    event.stopPropagation()
    if (event.key === 'Escape') this.cancel()
  }

  async propose(): Promise<void> {
    const { decision } = this
    const reason = this.reason.trim()
    if (!decision || this.busy) return
    if (!reason) return this.complain('Say why this should be undone. Nothing was written.')
    if (this.sent?.reason !== reason) this.sent = { reason, key: crypto.randomUUID() }
    this.busy = true
    this.trouble = null
    try {
      const { runId } = await request<{ runId: string }>(`/api/v1/decisions/${encodeURIComponent(decision.id)}/undo`, {
        method: 'POST',
        body: JSON.stringify({ reason }),
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': this.sent.key },
      })
      this.asked(runId)
    } catch (error) {
      this.complain(wordsOf(error))
    } finally {
      this.busy = false
    }
  }

  private asked(runId: string): void {
    this.asking = false
    this.reason = ''
    this.announcement = 'The undo is being prepared. It will wait among the decisions; somebody else has to approve it.'
    this.focusAfter = '[data-id="announcement"]'
    this.dispatchEvent(new CustomEvent('undoasked', { detail: { runId } }))
  }

  private complain(trouble: string): void {
    this.trouble = trouble
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

function wordsOf(error: unknown): string {
  if (error instanceof NoAnswer)
    return `${error.message} It is not known whether the undo was asked for; send it again.`
  const detail = error instanceof Error ? error.message : 'Unknown trouble.'
  return `The undo was not asked for. ${detail} Nothing was written.`
}
