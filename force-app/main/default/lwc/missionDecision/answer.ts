import { BrainProblem, NoAnswer, decide, messageOf, post } from 'c/missionSession'
import { erasedText, formatLabel, reasons } from 'c/missionWords'
import type { DecisionView, ErasedView, RejectReason } from '../../../../../server/contract/http.ts'
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

/** Takes an approval back while it is held; nothing was written yet. */
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

/** The banner for an answer that failed. */
export function answerErrorOf(error: unknown, answer: Answer): AnswerError {
  if (error instanceof NoAnswer) {
    return { title: labels.noAnswer, detail: formatLabel(labels.noAnswerText, error.message), stale: true }
  }
  const stale = error instanceof BrainProblem && error.status === 409
  const title = stale ? error.title : notDone[answer]
  const message = error instanceof BrainProblem ? error.detail : messageOf(error)
  return { title, detail: formatLabel(labels.detailUnwritten, message), stale }
}

/** The sentence for a decision whose contents were erased; null for any other error. */
export function erasedIn(error: unknown): string | null {
  if (!(error instanceof BrainProblem) || error.status !== 410) return null
  const { erased } = error.problem as { erased?: ErasedView }
  return erased ? erasedText(erased) : error.detail
}
