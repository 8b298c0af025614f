// What happens besides the field values: what is lost, moves and goes away, what will run, and what can be undone.
import { LightningElement, api } from 'lwc'
import { counted, dayAndTime } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

/** `Opportunity`, `Renewal plan` for `Renewal_Plan__c`: the label that comes along is the one for many. */
const singular = (object: string) => object.replace(/__c$/, '').replaceAll('_', ' ')

export default class MissionEffects extends LightningElement {
  @api decision: DecisionView | null = null
  /** Once it is written the way back has a place of its own. */
  @api written = false

  get lost(): { key: number; label: string; value: string; record: DecisionView['subject'] }[] {
    return (this.decision?.lost ?? []).map(({ label, value, record }, key) => ({ key, label, value, record }))
  }

  get lostTitle(): string {
    return `Lost · ${counted(this.lost.length, 'value')} that will not survive anywhere`
  }

  get moves(): { key: number; line: string; names: string }[] {
    return (this.decision?.moves ?? []).map(({ object, label, count, amount, names }, key) => ({
      key,
      line: `${counted(count, singular(object), label)}${amount ? ` · ${amount}` : ''}`,
      names: names.join(', '),
    }))
  }

  get movesTitle(): string {
    const total = (this.decision?.moves ?? []).reduce((sum, { count }) => sum + count, 0)
    return `Moves · ${counted(total, 'record')}`
  }

  get goesAway(): { key: string; record: DecisionView['subject']; until: string }[] {
    return (this.decision?.goesAway ?? []).map(({ record, until }) => ({
      key: record.id,
      record,
      until: `in the recycle bin until ${dayAndTime(until)}`,
    }))
  }

  get plan(): DecisionView['plan'] {
    return this.decision?.plan ?? []
  }

  get planTitle(): string {
    return `What will run · ${counted(this.plan.length, 'transaction')}`
  }

  private get undo(): string {
    const { undo } = this.decision ?? {}
    if (!undo) return ''
    return undo.sentence.startsWith('Undo') ? undo.sentence : `Undo: ${undo.class}. ${undo.sentence}`
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
