// The effects besides field values: values lost, records moved, merged or deleted, transactions that run, and the undo.
import { LightningElement, api } from 'lwc'
import { dayAndTime, formatCount, formatLabel, undoWords } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** `Opportunity`, `Renewal plan` for `Renewal_Plan__c`: the label that comes along is the one for many. */
const singular = (object: string) => object.replace(/__c$/, '').replaceAll('_', ' ')

export default class MissionEffects extends LightningElement {
  @api decision: DecisionView | null = null
  /** Once it is written the undo has a place of its own. */
  @api written = false

  readonly labels = labels

  get lost(): { key: number; label: string; value: string; record: DecisionView['subject'] }[] {
    return (this.decision?.lost ?? []).map(({ label, value, record }, key) => ({ key, label, value, record }))
  }

  get lostTitle(): string {
    return formatCount(this.lost.length, labels.lostOne, labels.lostMany)
  }

  get moves(): { key: number; line: string; names: string }[] {
    return (this.decision?.moves ?? []).map(({ object, label, count, amount, names }, key) => ({
      key,
      line: [formatLabel(labels.move, count, count === 1 ? singular(object) : label), amount]
        .filter(Boolean)
        .join(' · '),
      names: names.join(', '),
    }))
  }

  get movesTitle(): string {
    const total = (this.decision?.moves ?? []).reduce((sum, { count }) => sum + count, 0)
    return formatCount(total, labels.movesOne, labels.movesMany)
  }

  get goesAway(): { key: string; record: DecisionView['subject']; until: string }[] {
    return (this.decision?.goesAway ?? []).map(({ record, until }) => ({
      key: record.id,
      record,
      until: formatLabel(labels.recycleBin, dayAndTime(until)),
    }))
  }

  get plan(): { n: number; line: string; ifItFails: string }[] {
    return (this.decision?.plan ?? []).map(({ n, sentence, ifItFails }) => ({
      n,
      line: `${n}. ${sentence}`,
      ifItFails: formatLabel(labels.ifItFails, ifItFails),
    }))
  }

  get planTitle(): string {
    return formatCount(this.plan.length, labels.planOne, labels.planMany)
  }

  private get undo(): string {
    const { undo } = this.decision ?? {}
    if (!undo) return ''
    return undo.sentence.startsWith('Undo') ? undo.sentence : `${undoWords[undo.class]}. ${undo.sentence}`
  }

  /** Class and deadline; what comes back and what does not is the rest. */
  get undoTitle(): string {
    return /^.*?(?=\. |\.$|$)/.exec(this.undo)?.[0] ?? ''
  }

  get undoRest(): string {
    return this.undo.slice(this.undoTitle.length + 1).trim()
  }

  get showsUndo(): boolean {
    return !this.written
  }

  get hasLost(): boolean {
    return this.lost.length > 0
  }

  get hasMoves(): boolean {
    return this.moves.length > 0
  }

  get hasGoesAway(): boolean {
    return this.goesAway.length > 0
  }
}
