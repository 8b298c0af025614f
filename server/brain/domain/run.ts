import type { RecordKey } from '../../contract/values/ids.ts'
import type { ObservationKind, Phase, RunStatus, Verdict } from '../../contract/states.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import type { ErasedMark } from './erasure.ts'
import type { Phrase } from './phrase.ts'

/** The decision that an undo run is to put back, the run that wrote it, and why a person wants that. */
export interface UndoRequest {
  decisionId: string
  runId: string
  reason: string
}

/**
 * The cause of a run: a change in the org, heard, polled or caught up with; a platform event; the clock; a person in a portal or
 * API; or a person who wants an earlier run undone.
 */
export interface Trigger {
  /** `erased`: it is no longer known what did. */
  kind: 'change' | 'catch-up' | 'poll' | 'event' | 'schedule' | 'launch' | 'undo' | 'erased'
  /** `Lead.created`; null for what is no change of a record. */
  change: string | null
  subject: RecordKey | null
  scope: Record<string, string> | null
  /** User who launched it or published the event; null for what no person did. */
  launcher: string | null
  /** The permission by which the launcher could; absent for all that is no launch. */
  role?: string
  /** ISO time of the event or request. */
  at: string
  /** Makes a second delivery of the same trigger harmless: `replay:<topic>:<id>` or the Idempotency-Key. */
  idempotencyKey: string
  /** Only of kind `undo`. */
  undo?: UndoRequest
  /** Everything but the proposal: the run asks nobody. */
  trial?: 'dry-run'
}

/** What runs wait for together: when it passes for one, it has passed for all. */
export type HeldFor =
  'salesforce' | 'salesforce-limit' | 'salesforce-mcp' | 'switch' | 'model' | 'open-decisions' | 'brain'

export interface Run {
  id: string
  mission: string
  missionVersion: number
  title: string
  status: RunStatus
  /** The phase it is in, or stopped in. */
  phase: Phase
  trigger: Trigger
  subject: RecordKey | null
  subjectName: string | null
  reason: Phrase | null
  nextTryAt: string | null
  /** How often the present step was held; spaces the tries. */
  tries: number
  /** While it holds: what it shares with other runs; null for trouble of its own. */
  heldFor?: HeldFor | null
  verdict: Verdict | null
  apiCalls: number
  /** Tokens that a language model used for it, in and out. */
  tokens: number
  /** Their cost, in millionths of the currency. */
  costMicros: number
  /** Null while nothing was paid for. */
  currency: string | null
  decisionId: string | null
  differences: Difference[]
  /** A second trigger for the same record came while this run was open. */
  retrigger: boolean
  /** The last undo asked for, and once that is verified, the verdict this run had before. */
  undo?: { runId: string; was: Verdict | null }
  /** A receipt in the org that no approval here accounts for, and the verdict this run had before it was found. */
  stray?: { receiptId: string; was: Verdict | null }
  /** Of a run of a watching version: when its fields were read again, and those that people had set as it would have. `differences` names the others. */
  watched?: { at: string; agreed: string[] }
  startedAt: string
  updatedAt: string
  /** Its row was changed in the database past the brain: it is not resumed. */
  isAltered?: true
  /** Set once its contents were destroyed: names, reason and differences are empty then, and what started it is not known. */
  erased: ErasedMark | null
}

/** A value that read-back found other than proposed. `expected` ones are named and do not spoil the verdict. */
export interface Difference {
  record: RecordKey
  recordName: string | null
  field: string
  proposed: FieldValue
  found: FieldValue
  expected: boolean
  reason: string
}

export interface NewObservation {
  kind: ObservationKind
  /** At most 90 characters when rendered, subject first. */
  text: Phrase
  /** Besides those in `text`. */
  records?: RecordKey[]
  fields?: string[]
  /** `document vN §heading`. */
  citations?: string[]
}

export interface Observation extends NewObservation {
  id: string
  runId: string
  phase: Phase
  /** The entry it was written with: the name of an answer from outside, `result`, or what the run waited for; `n` counts within. */
  key: string
  n: number
  /** Position in the event table: `<xid>.<seq>`. */
  cursor: string
  at: string
}

export interface TriggerRequest {
  mission: string
  trigger: Trigger
}

/** Journal keys under which answers of a commit are kept begin with it. */
export const WRITE_KEY = 'commit-'
