import type { AcceptedDecision } from '../../contract/approval-token.ts'
import type { GateRequirement } from '../../contract/gate/lines.ts'
import type { Right } from '../../contract/operations/fields.ts'
import type { OpenLeaf } from '../../contract/seal.ts'
import type { DecisionStatus, Risk } from '../../contract/states.ts'
import type { Phrase } from './phrase.ts'
import type { Proposal, NamedRecord } from './proposal.ts'

export interface Decision {
  id: string
  runId: string
  mission: string
  status: DecisionStatus
  /** The version now open, or the last one. */
  version: number
  /** Of that version; null in rows from before it was kept here. */
  risk: Risk | null
  subject: NamedRecord
  createdAt: string
  expiresAt: string
  /** Set while an approved decision is held before the write. */
  commitsAt: string | null
  /** All of them are asked; one person counts for one of them. Those with `then` once everyone of the others has approved. */
  rosters: { from: string; needs: number; users: { id: string; name: string }[]; then?: true }[]
  /** The org's receipt that settled it; without one, people did. */
  settledBy?: SettlingReceipt
  /** Its run's contents were destroyed: the subject has no name, there are no rosters, and there is no change set. */
  isErased: boolean
}

/**
 * A receipt that the org holds of a decision which is open here: the database was restored from a backup that is older than the
 * approval.
 */
export interface SettlingReceipt {
  receiptId: string
  /** When the org created it. */
  at: string
  /** By the receipt's word: their answers were lost. */
  approvedBy: { id: string; name: string }[]
  /** Of the version that was open here; else of a later one, which was lost. */
  isOfOpenVersion: boolean
}

/** One immutable version of a decision's change set. */
export interface ChangeSetVersion {
  decisionId: string
  version: number
  digest: string
  leaves: OpenLeaf[]
  proposal: Proposal
  gate: GateRequirement
  rights: Right[]
  /** Why this version exists. */
  notice: Phrase | null
  createdAt: string
}

/** A person's answer, as accepted by salesforce-mcp. One per person and version. */
export interface Approval {
  decisionId: string
  version: number
  digest: string
  userId: string
  userName: string
  verb: 'approve' | 'reject' | 'take-back'
  /** Rosters of the version that the person belonged to when the org signed. */
  on: string[]
  reason: string | null
  comment: string | null
  at: string
  accepted: AcceptedDecision
  /** An edit, a drift or a take-back voided it. */
  voided: boolean
  /** Its giver could no longer approve when it was to be written: voided, while others' approvals of the version stand. */
  lapsed: boolean
  /** Approvals of the version that had lapsed when it was given. */
  round: number
}
