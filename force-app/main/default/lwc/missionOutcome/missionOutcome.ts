// Where an answered decision stands: the hold that can be taken back, the write, the check and the verdict.
import { LightningElement, api } from 'lwc'
import { outcomeOf } from 'c/missionWords'
import type { Outcome } from 'c/missionWords'
import type { DecisionSummary, RunView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

export default class MissionOutcome extends LightningElement {
  @api decision: DecisionSummary | null = null
  @api run: RunView | null = null
  /** The newest event of the run is a write. */
  @api checking = false

  readonly labels = labels

  private now = Date.now()
  private ticking: ReturnType<typeof setInterval> | null = null

  get outcome(): Outcome | null {
    return this.decision ? outcomeOf(this.decision, this.run, Math.max(this.now, Date.now()), this.checking) : null
  }

  get isHolding(): boolean {
    return this.outcome?.code === 'holding'
  }

  get boxClass(): string {
    return `box ${this.outcome?.code ?? ''}`
  }

  @api focus(): void {
    this.template?.querySelector<HTMLElement>('.sentence')?.focus()
  }

  handleTakeBack(): void {
    this.dispatchEvent(new CustomEvent('takeback'))
  }

  /** The clock runs only while there is a countdown to show. */
  renderedCallback(): void {
    if (this.isHolding && !this.ticking) this.ticking = setInterval(() => (this.now = Date.now()), 500)
    if (!this.isHolding) this.stopClock()
  }

  disconnectedCallback(): void {
    this.stopClock()
  }

  private stopClock(): void {
    if (this.ticking) clearInterval(this.ticking)
    this.ticking = null
  }
}
