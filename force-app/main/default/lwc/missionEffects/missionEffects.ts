// The effects besides field values: values lost, records moved, merged or deleted, transactions that run, and the undo.
import { LightningElement, api } from 'lwc'
import type { ChangeSet, Ending, Move, MustHold, Step } from 'c/changeSetRows'
import { dayAndTime, formatCount, formatLabel, undoWords } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** The org keeps deleted and merged-away records this long. */
const RECYCLE_BIN_MS = 15 * 86_400_000

/** `Opportunity`, `Renewal plan` for `Renewal_Plan__c`. */
const readable = (object: string) => object.replace(/__c$/, '').replaceAll('_', ' ')

interface ShownMove extends Omit<Move, 'names' | 'ids'> {
  line: string
  names: string
  ids: { key: number; id: string }[]
  idsTitle: string
}

export default class MissionEffects extends LightningElement {
  @api decision: DecisionView | null = null
  /** The same decision as its leaves have it: transactions, moves and endings are shown from here. */
  @api changeSet: Pick<ChangeSet, 'plan' | 'moves' | 'endings' | 'counts' | 'mustHold'> | null = null
  /** Once it is written the undo has a place of its own. */
  @api written = false

  readonly labels = labels

  get lost(): { key: number; label: string; value: string; record: DecisionView['subject'] }[] {
    return (this.decision?.lost ?? []).map(({ label, value, record }, key) => ({ key, label, value, record }))
  }

  get lostTitle(): string {
    return formatCount(this.lost.length, labels.lostOne, labels.lostMany)
  }

  get moves(): ShownMove[] {
    return (this.changeSet?.moves ?? []).map((move) => ({
      ...move,
      line: [formatLabel(labels.move, readable(move.object), move.field, move.count), move.amount]
        .filter(Boolean)
        .join(' · '),
      names: move.names.join(', '),
      ids: move.ids.map((id, key) => ({ key, id })),
      idsTitle: formatCount(move.ids.length, labels.idsOne, labels.idsMany),
    }))
  }

  get movesTitle(): string {
    return formatCount(this.changeSet?.counts.moves ?? 0, labels.movesOne, labels.movesMany)
  }

  get endings(): Ending[] {
    return this.changeSet?.endings ?? []
  }

  get until(): string {
    return formatLabel(labels.recycleBin, dayAndTime(new Date(Date.now() + RECYCLE_BIN_MS).toISOString()))
  }

  get mustHold(): MustHold[] {
    return this.changeSet?.mustHold ?? []
  }

  get hasMustHold(): boolean {
    return this.mustHold.length > 0
  }

  get plan(): Step[] {
    return this.changeSet?.plan ?? []
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

  get hasEndings(): boolean {
    return this.endings.length > 0
  }
}
