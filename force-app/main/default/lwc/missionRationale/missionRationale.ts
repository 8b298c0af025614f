// Why did this record change? The changes that missions made to it, newest first, each with its reasons.
import { LightningElement, api } from 'lwc'
import { request } from 'c/missionSession'
import { dayAndTime, erasedText } from 'c/missionWords'
import type { DecisionView, Verdict } from '../../../../../server/contract/http.ts'

const FIELDS_BEFORE_FOLD = 3

interface Rationale {
  runId: string
  decisionId: string
  sentence: string
  at: string
  approvedBy: (string | { name: string })[]
  fields: { label: string; fromText: string; toText: string }[]
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
  private wanted: string | null = null

  /** The record in question; also one that was merged away. */
  @api get recordId(): string | null {
    return this.wanted
  }
  set recordId(id: string | null) {
    if (id === this.wanted) return
    this.wanted = id
    this.items = []
    void this.load()
  }

  /** Loads again, e.g. when a run about the record has a verdict. */
  @api async load(): Promise<void> {
    const id = this.wanted
    if (!id) return
    try {
      const answer = await request<Rationale[] | { items: Rationale[] }>(
        `/api/v1/records/${encodeURIComponent(id)}/rationale`,
      )
      if (id === this.wanted) this.items = Array.isArray(answer) ? answer : (answer.items ?? [])
    } catch {
      // The card adds to the page; when it cannot be had, the page stays as it is.
      if (id === this.wanted) this.items = []
    }
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
      const lines = item.fields.map(({ label, fromText, toText }, key) => ({
        key,
        line: `${label}: ${fromText || '(blank)'} → ${toText || '(blank)'}`,
      }))
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
