import { BrainProblem, OrgRefusal, decide, messageOf, post } from 'c/missionSession'
import { erasedText, formatLabel, reasons } from 'c/missionWords'
import type { DecisionView, ErasedView, RejectReason } from '../../../../../server/contract/http.ts'
import type { ConflictKind, ProblemType } from '../../../../../server/contract/problem.ts'
import { labels } from './labels'

export type Answer = 'approved' | 'rejected' | 'taken-back'

/** Shown in the pane when an answer failed; each names what happened in Salesforce. */
export interface AnswerError {
  title: string
  detail: string
  /** The screen is behind: offer the current version. */
  stale: boolean
}

/** A button for each reason to reject, with its key. */
export const reasonButtons = reasons.map(({ code, word }, index) => {
  const key = String(index + 1)
  return { code, text: `${key} ${word}`, key }
})

type Signed = Pick<DecisionView, 'id' | 'rights'>

/**
 * Approves exactly the change set whose digest was computed from the screen: the org signs it, the brain carries it.
 * Rejects with BrainProblem, OrgRefusal or NoAnswer.
 */
export async function approve(decision: Signed, digest: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'approve', decision.rights)
  await post(pathOf(decision, 'approve'), { digest, decision: signed })
}

export async function reject(decision: Signed, digest: string, reason: RejectReason, comment: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'reject', decision.rights)
  await post(pathOf(decision, 'reject'), { reason, decision: signed, ...(comment ? { comment } : {}) })
}

/** Takes an approval back while it is held. */
export async function takeBack(decision: Signed, digest: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'take-back', decision.rights)
  await post(pathOf(decision, 'take-back'), { decision: signed })
}

const pathOf = ({ id }: Signed, verb: string) => `/api/v1/decisions/${encodeURIComponent(id)}/${verb}`

const notDone: Record<Answer, string> = {
  approved: labels.notApproved,
  rejected: labels.notRejected,
  'taken-back': labels.notTakenBack,
}

/** Conflicts after which the brain's detail leaves open what became of Salesforce: that detail with what is known. */
const afterConflict: { readonly [Type in ProblemType<ConflictKind>]?: string } = {
  'urn:missions:problem:writing-begun': labels.writingBegun,
}

/** Salesforce did not take the signature, so that the brain recorded nothing. */
const NOT_TAKEN: ProblemType<'salesforce'> = 'urn:missions:problem:salesforce'

/** The banner for an answer that failed: what is known of it, and nothing else. */
export function answerErrorOf(error: unknown, answer: Answer): AnswerError {
  if (error instanceof OrgRefusal) return notCounted(error.message, answer)
  if (!(error instanceof BrainProblem)) return unknown(labels.noAnswer, messageOf(error))
  const { status, title, detail, type } = error
  if (status === 409) {
    const more = afterConflict[type as ProblemType<ConflictKind>]
    return { title, detail: more === undefined ? detail : formatLabel(more, detail), stale: true }
  }
  return status < 500 || type === NOT_TAKEN ? notCounted(detail, answer) : unknown(title, detail)
}

const notCounted = (message: string, answer: Answer): AnswerError => ({
  title: notDone[answer],
  detail: formatLabel(labels.notCounted, message),
  stale: false,
})

/** The answer may have arrived. */
const unknown = (title: string, message: string): AnswerError => ({
  title,
  detail: formatLabel(labels.noAnswerText, message),
  stale: true,
})

/** The sentence for a decision whose contents were erased; null for any other error. */
export function erasedIn(error: unknown): string | null {
  if (!(error instanceof BrainProblem) || error.status !== 410) return null
  const { erased } = error.problem as { erased?: ErasedView }
  return erased ? erasedText(erased) : error.detail
}
