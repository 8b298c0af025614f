import type { DecisionStatus, Risk, Verdict } from '../../contract/states.ts'
import type { Approval, ChangeSetVersion, Decision } from '../domain/decision.ts'

export interface DecisionReads {
  decision(id: string): Promise<Decision | null>
  decisions(filter: {
    status?: DecisionStatus
    record?: string
    mission?: string
    risk?: Risk
    /** Leaves out rows that were edited; without it one of them fails the reading. */
    readable?: boolean
    /** Only decisions that are no longer open. */
    past?: boolean
    /** Created at this time or later. */
    from?: string
    /** Created before this time. */
    to?: string
    /** Of the run. */
    verdict?: Verdict
    /** A user who answered it. */
    user?: string
    limit: number
    before?: string
  }): Promise<Decision[]>
  /** Decisions of a mission that await people. */
  openDecisions(mission: string): Promise<number>
  changeSet(decisionId: string, version: number): Promise<ChangeSetVersion | null>
  /** One version each of several decisions, by decision id; those without one, or erased, are missing. */
  changeSets(versions: readonly { id: string; version: number }[]): Promise<Map<string, ChangeSetVersion>>
  approvals(decisionId: string): Promise<Approval[]>
  /** Of several decisions, by decision id; those without any are missing. */
  approvalsOf(decisionIds: readonly string[]): Promise<Map<string, Approval[]>>
}

export interface DecisionWrites {
  insertDecision(decision: Decision, changeSet: ChangeSetVersion): Promise<void>
  insertChangeSet(changeSet: ChangeSetVersion): Promise<void>
  /** A version that ends by this although approvals of it exist is due for voiding in the org. */
  updateDecision(id: string, patch: Partial<Omit<Decision, 'id'>>): Promise<Decision>
  /** Locks the decision's row: of two answers at once, one waits and then sees the other. */
  lockDecision(id: string): Promise<Decision | null>
  insertApproval(approval: Approval): Promise<void>
  voidApprovals(decisionId: string): Promise<void>
  /** Voids the standing approvals of people who may no longer give one; the others keep theirs. */
  lapseApprovals(decisionId: string, userIds: readonly string[]): Promise<void>
}

export interface OverdueDecisions {
  /** Ids of open decisions past their expiry. */
  overdueDecisions(): Promise<string[]>
}

/** Decisions of which the org is still to be marked: a row until it is. */
export interface Voidings {
  dueVoidings(): Promise<string[]>
  /** Done, unless another version of it ended since `at`. */
  finishVoiding(decisionId: string, at: string): Promise<void>
  postponeVoiding(decisionId: string, seconds: number): Promise<void>
}
