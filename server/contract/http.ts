import { z } from 'zod'
import { FieldValue } from './values/field-value.ts'
import { Operation } from './operations/operation.ts'
import { DecisionStatus, ObservationKind, Phase, Risk, RunStatus, Verdict } from './states.ts'
import { Right } from './operations/fields.ts'
import { Leaf } from './seal.ts'

const Time = z.string().describe('ISO 8601 UTC')

/** The form of every list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable().describe('Pass as `before` or `after` to go on') })
export type ListOf<T> = z.infer<ReturnType<typeof listOf<z.ZodType<T>>>>

/** A record as people see it: its name only when the caller may read the record. */
export const RecordRef = z.object({ object: z.string(), id: z.string(), name: z.string().nullable() })
export type RecordRef = z.infer<typeof RecordRef>

/** Money as a decimal text, e.g. `0.0125`, in an ISO 4217 currency. */
export const Cost = z.object({ amount: z.string(), currency: z.string() })
export type Cost = z.infer<typeof Cost>

export const ObservationView = z.object({
  /** Position in the event table, as text; `Last-Event-ID` and `after` take it. */
  cursor: z.string(),
  id: z.string(),
  runId: z.string(),
  phase: Phase,
  kind: ObservationKind,
  /** One line, at most 90 characters, subject first. */
  text: z.string(),
  records: z.array(RecordRef),
  fields: z.array(z.string()),
  citations: z.array(z.string()),
  at: Time,
})
export type ObservationView = z.infer<typeof ObservationView>

/** The time of an erasure, and who erased, in words. */
export const ErasedView = z.object({ at: Time, by: z.string() })
export type ErasedView = z.infer<typeof ErasedView>

export const RunView = z.object({
  id: z.string(),
  mission: z.string(),
  missionVersion: z.number(),
  title: z.string(),
  status: RunStatus,
  phase: Phase,
  /** Why it waits or holds, and the next try. */
  reason: z.string().nullable(),
  nextTryAt: Time.nullable(),
  verdict: Verdict.nullable(),
  apiCalls: z.number(),
  /** Tokens of language models, in and out, and what they cost; null without a price. */
  tokens: z.number(),
  cost: Cost.nullable(),
  launcher: z.string().nullable(),
  subject: RecordRef.nullable(),
  decisionId: z.string().nullable(),
  differences: z.array(
    z.object({
      record: RecordRef,
      field: z.string(),
      proposed: FieldValue,
      found: FieldValue,
      expected: z.boolean(),
      reason: z.string(),
    }),
  ),
  startedAt: Time,
  updatedAt: Time,
  /** Set once its contents were destroyed: names, reason, launcher, differences and observations are gone. */
  erased: ErasedView.nullable(),
})
export type RunView = z.infer<typeof RunView>

const Badge = z.object({ code: z.string(), label: z.string(), gated: z.boolean() })
const Check = z.object({
  label: z.string(),
  agrees: z.boolean(),
  by: z.enum(['rule', 'model']),
  citations: z.array(z.string()),
})

const Caution = z.object({ code: z.string(), text: z.string(), by: z.enum(['rule', 'model']) })

/** One line of the diff, in reading order; labels and formats only: the digest covers the leaves. */
export const DiffRow = z.object({
  operation: z.number(),
  group: z.enum(['gated', 'conflict', 'fill', 'clear', 'change']),
  object: z.string(),
  recordId: z.string(),
  recordName: z.string().nullable(),
  field: z.string(),
  label: z.string(),
  /** JSON pointers of the leaves this row shows, so that the screen can prove it shows what it digests. */
  fromPath: z.string().nullable(),
  toPath: z.string(),
  fromText: z.string(),
  toText: z.string(),
  sourceText: z.string(),
})

export const DecisionSummary = z.object({
  id: z.string(),
  runId: z.string(),
  mission: z.string(),
  status: DecisionStatus,
  version: z.number(),
  digest: z.string(),
  sentence: z.string(),
  risk: Risk,
  badges: z.array(Badge),
  band: z.enum(['strong', 'likely', 'uncertain']),
  subject: RecordRef,
  /** Different people, over all rosters. */
  needs: z.number(),
  approvals: z.number(),
  /** The answers that count, oldest first. */
  answered: z.array(z.object({ name: z.string(), verb: z.string(), at: Time })),
  expiresAt: Time,
  createdAt: Time,
  /** Set while an approved decision is held before the write. */
  commitsAt: Time.nullable(),
  /** It is not written before this time; null where it may be at once. */
  notBefore: Time.nullable(),
  runStatus: RunStatus,
  verdict: Verdict.nullable(),
})
export type DecisionSummary = z.infer<typeof DecisionSummary>

/** A decision whose contents were destroyed. */
export const ErasedDecision = DecisionSummary.pick({
  id: true,
  runId: true,
  mission: true,
  status: true,
  version: true,
  createdAt: true,
  runStatus: true,
  verdict: true,
}).extend({ erased: ErasedView })
export type ErasedDecision = z.infer<typeof ErasedDecision>

/** A line of the register: a decision that is no longer open. Erased ones have neither sentence nor answers. */
export const RegisterEntry = ErasedDecision.omit({ erased: true }).extend({
  digest: z.string().nullable(),
  risk: Risk.nullable(),
  subject: RecordRef.nullable(),
  sentence: z.string().nullable(),
  answered: DecisionSummary.shape.answered,
  /** Cost of language models for the run. */
  cost: Cost.nullable(),
  erased: ErasedView.nullable(),
})
export type RegisterEntry = z.infer<typeof RegisterEntry>

/** Who destroyed which contents, when and why. */
export const ErasureView = z.object({
  id: z.string(),
  at: Time,
  by: z.string(),
  reason: z.string(),
  /** The record it was about, when it was about one. */
  record: z.string().nullable(),
  runs: z.array(z.string()),
})
export type ErasureView = z.infer<typeof ErasureView>

export const DecisionView = DecisionSummary.extend({
  counters: z.object({
    fields: z.number(),
    created: z.number(),
    moves: z.number(),
    lost: z.number(),
    calls: z.number(),
  }),
  /** Leaves the caller may see are open, the others closed; together they give the digest. */
  leaves: z.array(Leaf),
  /** Operations with every hidden value left out: the facts of `leaves`, in a form that reads well. */
  changeSet: z.object({ operations: z.array(Operation.or(z.object({ kind: z.string(), hidden: z.number() }))) }),
  hidden: z.number(),
  rows: z.array(DiffRow),
  moves: z.array(
    z.object({
      object: z.string(),
      field: z.string(),
      label: z.string(),
      count: z.number(),
      amount: z.string().nullable(),
      names: z.array(z.string()),
    }),
  ),
  lost: z.array(z.object({ record: RecordRef, field: z.string(), label: z.string(), value: z.string() })),
  goesAway: z.array(z.object({ record: RecordRef, until: Time })),
  checks: z.array(Check),
  wrongIf: z.array(z.string()),
  /** What the mission asserts: it must still hold right before the first write. */
  mustHold: z.array(z.object({ holds: z.string(), records: z.array(RecordRef) })),
  /** What to weigh before answering, e.g. a text that looks like instructions to a model. */
  cautions: z.array(Caution),
  review: z
    .enum(['reviewed', 'not-reviewed'])
    .nullable()
    .describe('Whether the model that was to review the operations did; null where none was to'),
  plan: z.array(z.object({ n: z.number(), kind: z.string(), sentence: z.string(), ifItFails: z.string() })),
  undo: z.object({
    class: z.enum(['full', 'partial', 'none']),
    /** What would come back, and what would not; after a partial failure, of what stands. */
    sentence: z.string(),
    possible: z.boolean().describe('Whether the caller may ask for the undo now'),
    why: z.string().nullable().describe('Why not, if not'),
    runId: z.string().nullable().describe('The run of the undo that was asked for last'),
  }),
  /** Set when this decision puts back an earlier one. */
  undoes: z.object({ decisionId: z.string(), runId: z.string(), reason: z.string() }).nullable(),
  /** All of them are asked; one person counts for one of them. */
  rosters: z.array(
    z.object({
      from: z.string(),
      needs: z.number(),
      users: z.array(z.object({ id: z.string(), name: z.string() })),
      then: z.boolean().describe('Asked once everyone of the others has approved'),
    }),
  ),
  /** Who is asked now: of each roster how many more; empty once enough people answered. */
  askedNow: z.array(z.object({ from: z.string(), needs: z.number() })),
  answers: z.array(
    z.object({
      userId: z.string(),
      name: z.string(),
      verb: z.string(),
      at: Time,
      comment: z.string().nullable(),
      version: z.number(),
    }),
  ),
  /** Other open decisions that concern the same: `Object.Field`, or `Object` for a whole record. Once one is written, the others are planned anew. */
  overlaps: z.array(z.object({ decisionId: z.string(), fields: z.array(z.string()) })),
  rights: z.array(Right),
  /** What the caller may do now, and if not, why. */
  you: z.object({ canApprove: z.boolean(), canReject: z.boolean(), why: z.string().nullable() }),
  notice: z.string().nullable().describe('Why this version exists, e.g. what drifted'),
})
export type DecisionView = z.infer<typeof DecisionView>

/** Why a record changed, from the decision that changed it. */
export const RationaleView = z.object({
  runId: z.string(),
  decisionId: z.string(),
  sentence: z.string(),
  at: Time,
  verdict: Verdict.nullable(),
  approvedBy: z.array(z.string()),
  fields: z.array(
    z.object({
      label: z.string(),
      fromText: z.string(),
      toText: z.string(),
      /** Another record whose value this is, e.g. `New Task`; null for the record in question. */
      record: z.string().nullable(),
    }),
  ),
  why: z.array(z.string()),
  /** Changes of this record that the caller may not see. */
  hidden: z.number(),
  /** What can be put back, and whether the caller may request it; after a partial failure, of the transactions written. */
  undo: DecisionView.shape.undo.nullable(),
  /** The decision that this one put back, and the reason. */
  undoes: z.object({ decisionId: z.string(), runId: z.string(), reason: z.string() }).nullable(),
  /** The undo that put this one back: requester, approvers, time. */
  undone: z
    .object({
      decisionId: z.string(),
      runId: z.string(),
      at: Time,
      askedBy: z.string(),
      approvedBy: z.array(z.string()),
      reason: z.string(),
      stayed: z.array(z.string()).describe('What did not come back'),
    })
    .nullable(),
  /** Set when the contents were erased: no sentence, no fields, no reasons. */
  erased: ErasedView.nullable(),
})
export type RationaleView = z.infer<typeof RationaleView>

export const ApproveBody = z.strictObject({
  digest: z.string().max(128),
  decision: z.string().max(8192),
  comment: z.string().max(4000).optional(),
})
export const RejectReason = z.enum(['not-the-same', 'wrong-survivor', 'wrong-values', 'not-now', 'policy', 'other'])
export type RejectReason = z.infer<typeof RejectReason>
export const RejectBody = z.strictObject({
  reason: RejectReason,
  decision: z.string().max(8192),
  comment: z.string().max(4000).optional(),
})
export const UndoBody = z.strictObject({ reason: z.string().trim().min(1).max(1000) })
export const TakeBackBody = z.strictObject({ decision: z.string().max(8192) })
export const LaunchBody = z.strictObject({
  subject: z.strictObject({ object: z.string().max(80), id: z.string().min(15).max(18) }).optional(),
  scope: z.record(z.string().max(80), z.string().max(255)).optional(),
})

/** What a launch or a requested undo answers: the run that was started. */
export const StartedRun = z.object({ runId: z.string() })
export type StartedRun = z.infer<typeof StartedRun>

/** Either a record, with every run that holds something about it, or one run. */
export const EraseBody = z
  .strictObject({
    record: z.string().min(15).max(18).optional(),
    run: z.string().max(64).optional(),
    reason: z.string().trim().min(3).max(1000),
  })
  .refine(({ record, run }) => (record === undefined) !== (run === undefined), 'name a record or a run')

/** `event:` names of `/api/v1/stream`. `decision` data is a DecisionSummary, `run` a RunView, `observation` an ObservationView. */
export type StreamEvent = 'observation' | 'run' | 'decision' | 'reset' | 'renew' | 'stopped'
