// What happens besides the field values: what is lost, moves and goes away, what will run, and what can be undone.
import { LightningElement, api } from 'lwc'
import { counted, dayAndTime } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

export default class MissionEffects extends LightningElement {
  @api decision: DecisionView | null = null

  get lost(): { key: number; label: string; value: string; record: DecisionView['subject'] }[] {
    return (this.decision?.lost ?? []).map(({ label, value, record }, key) => ({ key, label, value, record }))
  }

  get lostTitle(): string {
    return `Lost · ${counted(this.lost.length, 'value')} that will not survive anywhere`
  }

  get moves(): { key: number; line: string; names: string }[] {
    return (this.decision?.moves ?? []).map(({ label, count, amount, names }, key) => ({
      key,
      line: `${count} ${label}${amount ? ` · ${amount}` : ''}`,
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

  get undo(): string {
    const { undo } = this.decision ?? {}
    if (!undo) return ''
    return undo.sentence.startsWith('Undo') ? undo.sentence : `Undo: ${undo.class}. ${undo.sentence}`
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
