// What waits about a record, in room that is the same whether nothing, one or many decisions wait.
import { LightningElement, api } from 'lwc'
import { formatCount, riskWords, sharedLabels, standing } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

export default class DecisionNote extends LightningElement {
  /** The decision to name; null when there is none to name. */
  @api decision: DecisionSummary | null = null
  /** How many there are besides this one. */
  @api others = 0
  /** Shown where no decision is named; null while nothing is known. */
  @api text: string | null = null
  /** Why nothing is known; there is a button to try again. */
  @api errorText: string | null = null

  readonly labels = labels
  readonly shared = sharedLabels

  get sentence(): string {
    return this.decision?.sentence ?? ''
  }

  get icon(): string {
    return this.decision ? riskWords[this.decision.risk].icon : ''
  }

  get facts(): string {
    if (!this.decision) return ''
    const more = this.others > 0 ? [formatCount(this.others, labels.othersOne, labels.othersMany)] : []
    return [riskWords[this.decision.risk].word, standing(this.decision, Date.now()), ...more].join(' · ')
  }

  get isLoading(): boolean {
    return !this.decision && this.text === null && this.errorText === null
  }

  handleRetry(): void {
    this.dispatchEvent(new CustomEvent('retry'))
  }

  handleReview(): void {
    this.dispatchEvent(new CustomEvent('review'))
  }

  @api focus(): void {
    this.template?.querySelector<HTMLElement>('button')?.focus()
  }
}
