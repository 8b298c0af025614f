// Why the mission proposes this: checks that agree and disagree, and what would make it wrong.
import { LightningElement, api } from 'lwc'
import { bandWords, formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

const checkedBy = { rule: labels.byRule, model: labels.byModel }
const allCheckedBy = { rule: labels.allByRule, model: labels.allByModel }
const AGREEING_BEFORE_FOLD = 6

interface ListedCheck {
  key: number
  label: string
  mark: string
  word: string
  by: string
  citations: string
}

export default class MissionEvidence extends LightningElement {
  @api decision: DecisionView | null = null

  readonly labels = labels

  unfolded = false

  get heading(): string {
    const checks = this.decision?.checks ?? []
    const agree = checks.filter(({ agrees }) => agrees).length
    const band = this.decision ? bandWords[this.decision.band] : ''
    return formatLabel(labels.why, band, agree, checks.length)
  }

  /** Where all checks are of one kind one line names it, not each check. */
  get allBy(): string {
    const kinds = new Set((this.decision?.checks ?? []).map(({ by }) => by))
    const [only] = kinds
    return kinds.size === 1 && only ? allCheckedBy[only] : ''
  }

  private get listed(): ListedCheck[] {
    return (this.decision?.checks ?? []).map(({ label, agrees, by, citations }, key) => ({
      key,
      label,
      mark: agrees ? '✓' : '✗',
      word: agrees ? labels.agrees : labels.disagrees,
      by: this.allBy ? '' : checkedBy[by],
      citations: citations.join(' · '),
    }))
  }

  /** What disagrees is never folded away; of what agrees the first few stand for the rest. */
  get checks(): ListedCheck[] {
    const { listed } = this
    if (this.unfolded) return listed
    const agreeing = listed.filter(({ mark }) => mark === '✓').slice(0, AGREEING_BEFORE_FOLD)
    return listed.filter((check) => check.mark === '✗' || agreeing.includes(check))
  }

  get folded(): number {
    return this.listed.length - this.checks.length
  }

  get foldText(): string {
    return formatLabel(labels.moreAgree, this.folded)
  }

  handleUnfold(): void {
    this.unfolded = true
  }

  /** Those that a model raised are marked: what a rule raises is certain. */
  get cautions(): { key: number; text: string; by: string }[] {
    const cautions = this.decision?.cautions ?? []
    return cautions.map(({ text, by }, key) => ({ key, text, by: by === 'model' ? checkedBy.model : '' }))
  }

  get hasCautions(): boolean {
    return this.cautions.length > 0
  }

  get notReviewed(): boolean {
    return this.decision?.review === 'not-reviewed'
  }

  get wrongIf(): string[] {
    return [...(this.decision?.wrongIf ?? [])]
  }

  get hasWrongIf(): boolean {
    return this.wrongIf.length > 0
  }
}
