// The changes that missions made to a record, newest first, each with its reasons.
import { LightningElement, api } from 'lwc'
import { BrainProblem, request } from 'c/missionSession'
import { dayAndTime, erasedText, formatCount, formatLabel, listNames, sharedLabels } from 'c/missionWords'
import type { DecisionView, ListOf, RationaleView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

const FIELDS_BEFORE_FOLD = 3
/** How the brain writes an empty value. */
const BRAIN_BLANK = '(blank)'

export default class MissionRationale extends LightningElement {
  readonly labels = labels

  items: RationaleView[] = []
  /** Null where nothing is shown: there is no record, or the reader may not see it. */
  state: 'loading' | 'loaded' | 'failed' | null = null
  /** The record changed since; the rows on the screen stay until the person asks for the new ones. */
  news = false
  private wanted: string | null = null
  private focusTitle = false

  /** The record in question; also one that was merged away. */
  @api get recordId(): string | null {
    return this.wanted
  }
  set recordId(id: string | null) {
    if (id === this.wanted) return
    this.wanted = id
    this.items = []
    this.state = id ? 'loading' : null
    void this.load()
  }

  /** Offers to load again, e.g. when a run about the record has a verdict. */
  @api offer(): void {
    if (this.state) this.news = true
  }

  /** Loads again at once, e.g. when contents were erased. */
  @api async load(): Promise<void> {
    const id = this.wanted
    if (!id) return
    try {
      const { items } = await request<ListOf<RationaleView>>(`/api/v1/records/${encodeURIComponent(id)}/rationale`)
      if (id !== this.wanted) return
      this.items = items
      this.state = 'loaded'
      this.news = false
    } catch (error) {
      if (id === this.wanted) this.fail(error)
    }
  }

  /** The changes of a record that the reader may not see are hidden too. */
  private fail(error: unknown): void {
    const isHidden = error instanceof BrainProblem && [403, 404].includes(error.status)
    this.items = []
    this.state = isHidden ? null : 'failed'
  }

  get title(): string {
    if (this.hasItems) return labels.changedByMission
    if (this.state === 'failed') return labels.notLoaded
    return this.state === 'loading' ? labels.loading : labels.none
  }

  /** The button in the head; null when there is nothing to do. */
  get action(): string | null {
    if (this.state === 'failed') return sharedLabels.tryAgain
    return this.news ? labels.changedNow : null
  }

  handleUndoAsked(): void {
    void this.load()
  }

  handleShow(): void {
    this.focusTitle = true
    void this.load()
  }

  renderedCallback(): void {
    if (!this.focusTitle || this.action) return
    this.focusTitle = false
    this.template?.querySelector<HTMLElement>('[data-id="title"]')?.focus()
  }

  get hasItems(): boolean {
    return this.items.length > 0
  }

  get changes(): {
    key: string
    sentence: string
    who: string
    fields: { key: number; line: string }[]
    /** The rest of the fields, behind the question. */
    more: { key: number; line: string }[]
    why: { key: number; line: string }[]
    /** Empty when there is nothing behind it. */
    ask: string
    hidden: string | null
    erased: string | null
    chain: { key: number; line: string }[]
    /** The undo, in sight after a partial failure, else behind the question. */
    partly: Undoable | null
    whole: Undoable | null
  }[] {
    return this.items.map((item) => {
      const own = item.fields.filter(({ record }) => !record)
      const others = item.fields.filter(({ record }) => record)
      const lines = [...own, ...others].map((field, key) => ({ key, line: lineOf(field) }))
      return {
        key: item.decisionId,
        sentence: item.sentence,
        who: [dayAndTime(item.at), approved(item.approvedBy)].filter(Boolean).join(' · '),
        fields: lines.slice(0, FIELDS_BEFORE_FOLD),
        more: lines.slice(FIELDS_BEFORE_FOLD),
        ask: questionOf(item),
        erased: item.erased ? erasedText(item.erased) : null,
        why: item.why.map((line, key) => ({ key, line })),
        hidden: item.hidden ? formatLabel(labels.hidden, item.hidden) : null,
        chain: chainOf(item).map((line, key) => ({ key, line })),
        partly: item.verdict === 'partly' ? undoable(item) : null,
        whole: item.verdict === 'partly' ? null : undoable(item),
      }
    })
  }
}

/** `Owner: Dana → Priya`; a value of a record that was created along the way names that record. */
function lineOf({ label, fromText, toText, record }: RationaleView['fields'][number]): string {
  const before = orBlank(fromText)
  const change = record && before === sharedLabels.blank ? toText : `${before} → ${orBlank(toText)}`
  return `${record ? `${record} · ` : ''}${label}: ${change}`
}

const orBlank = (text: string) => (text === '' || text === BRAIN_BLANK ? sharedLabels.blank : text)

function questionOf({ erased, fields }: RationaleView): string {
  if (erased) return ''
  const more = fields.length - FIELDS_BEFORE_FOLD
  return more > 0 ? formatCount(more, labels.whyMoreOne, labels.whyMoreMany) : labels.why
}

type Undoable = Pick<DecisionView, 'id' | 'verdict' | 'undo'>

const undoable = ({ decisionId, verdict, undo }: RationaleView): Undoable | null =>
  undo ? { id: decisionId, verdict, undo } : null

/** Lines about the change that this one undid, and about its own undo. */
function chainOf({ undoes, undone }: RationaleView): string[] {
  return [
    ...(undoes ? [formatLabel(labels.undid, undoes.reason)] : []),
    ...(undone ? [undoneText(undone), ...undone.stayed] : []),
  ]
}

function undoneText({ at, askedBy, approvedBy, reason }: NonNullable<RationaleView['undone']>): string {
  return approvedBy.length > 0
    ? formatLabel(labels.undoneApproved, dayAndTime(at), askedBy, listNames(approvedBy), reason)
    : formatLabel(labels.undone, dayAndTime(at), askedBy, reason)
}

function approved(names: RationaleView['approvedBy']): string {
  return names.length > 0 ? formatLabel(sharedLabels.approvedBy, listNames(names)) : ''
}
