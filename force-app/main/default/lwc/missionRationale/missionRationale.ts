// Why did this record change? The changes that missions made to it, newest first, each with its reasons.
import { LightningElement, api } from 'lwc'
import { BrainProblem, request } from 'c/missionSession'
import { dayAndTime, erasedText } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import type { Verdict } from '../../../../../server/contract/states.ts'

const FIELDS_BEFORE_FOLD = 3
const BLANK = '(blank)'

interface Rationale {
  runId: string
  decisionId: string
  sentence: string
  at: string
  approvedBy: (string | { name: string })[]
  fields: { label: string; fromText: string; toText: string; record?: string | null }[]
  why: string[]
  /** Changes of this record that the reader may not see. */
  hidden?: number
  /** Set when nothing but this is left. */
  erased?: { at: string; by: string } | null
  verdict?: Verdict | null
  undo?: DecisionView['undo'] | null
  undoes?: { reason: string } | null
  undone?: { at: string; askedBy: string; approvedBy: string[]; reason: string; stayed: string[] } | null
}

export default class MissionRationale extends LightningElement {
  items: Rationale[] = []
  /** Null where there is nothing to say: no record is asked for, or the reader may not see it. */
  state: 'loading' | 'loaded' | 'failed' | null = null
  /** The record changed since; what is being read stays until somebody asks for more. */
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

  /** Says that there is more to see, e.g. when a run about the record has a verdict. */
  @api offer(): void {
    if (this.state) this.news = true
  }

  /** Loads again at once, e.g. when contents were erased. */
  @api async load(): Promise<void> {
    const id = this.wanted
    if (!id) return
    try {
      const answer = await request<Rationale[] | { items: Rationale[] }>(
        `/api/v1/records/${encodeURIComponent(id)}/rationale`,
      )
      if (id !== this.wanted) return
      this.items = Array.isArray(answer) ? answer : (answer.items ?? [])
      this.state = 'loaded'
      this.news = false
    } catch (error) {
      if (id === this.wanted) this.fail(error)
    }
  }

  /** A record the reader may not see has no reasons for him either. */
  private fail(error: unknown): void {
    const isHidden = error instanceof BrainProblem && [403, 404].includes(error.status)
    this.items = []
    this.state = isHidden ? null : 'failed'
  }

  get title(): string {
    if (this.hasItems) return 'Changed by a mission'
    if (this.state === 'failed') return 'Why this record changed could not be loaded.'
    return this.state === 'loading' ? 'Changes by missions' : 'No mission has changed this record.'
  }

  /** What the button in the head does; it is there only when there is something to do. */
  get action(): string | null {
    if (this.state === 'failed') return 'Try again'
    return this.news ? 'Changed now · Show' : null
  }

  show(): void {
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
    /** The way back, at once after a partial failure, else behind the question. */
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
        hidden: item.hidden ? `${item.hidden} more hidden from you` : null,
        chain: chainOf(item).map((line, key) => ({ key, line })),
        partly: item.verdict === 'partly' ? undoable(item) : null,
        whole: item.verdict === 'partly' ? null : undoable(item),
      }
    })
  }
}

/** `Owner: Dana → Priya`; a value of a record that was made along the way is told with that record. */
function lineOf({ label, fromText, toText, record }: Rationale['fields'][number]): string {
  const before = fromText || BLANK
  const change = record && before === BLANK ? toText : `${before} → ${toText || BLANK}`
  return `${record ? `${record} · ` : ''}${label}: ${change}`
}

function questionOf({ erased, fields }: Rationale): string {
  if (erased) return ''
  return fields.length > FIELDS_BEFORE_FOLD ? `Why, and ${fields.length - FIELDS_BEFORE_FOLD} more changes` : 'Why?'
}

type Undoable = Pick<DecisionView, 'id' | 'verdict' | 'undo'>

const undoable = ({ decisionId, verdict, undo }: Rationale): Undoable | null =>
  undo ? { id: decisionId, verdict: verdict ?? null, undo } : null

/** What became of a change afterwards, and what it was an answer to. */
function chainOf({ undoes, undone }: Rationale): string[] {
  const who = undone && [`asked for by ${undone.askedBy}`, approved(undone.approvedBy)].filter(Boolean).join(', ')
  return [
    ...(undoes ? [`This put back an earlier change: ${undoes.reason}`] : []),
    ...(undone ? [`Undone ${dayAndTime(undone.at)}, ${who ?? ''}: ${undone.reason}`, ...undone.stayed] : []),
  ]
}

function approved(by: Rationale['approvedBy']): string {
  const names = by.map((each) => (typeof each === 'string' ? each : each.name))
  return names.length > 0 ? `approved by ${names.join(' and ')}` : ''
}
