import { BrainProblem, NoAnswer, OrgRefusal, decide, post } from 'c/missionSession'
import { erasedText } from 'c/missionWords'
import type { Reason } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'

/** What is said in the pane when an answer did not go through; each says what happened in Salesforce. */
export interface Trouble {
  title: string
  detail: string
  /** The screen is behind: offer the current version. */
  stale: boolean
}

type Signed = Pick<DecisionView, 'id' | 'rights'>

/**
 * Approves exactly the change set whose digest was computed from the screen: the org signs it, the brain carries it.
 * Rejects with BrainProblem, OrgRefusal or NoAnswer.
 */
export async function approve(decision: Signed, digest: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'approve', decision.rights)
  await post(pathOf(decision, 'approve'), { digest, decision: signed })
}

export async function reject(decision: Signed, digest: string, reason: Reason, comment: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'reject', decision.rights)
  await post(pathOf(decision, 'reject'), { reason, decision: signed, ...(comment ? { comment } : {}) })
}

/** Takes an approval back while it is held; nothing was written yet. */
export async function takeBack(decision: Signed, digest: string): Promise<void> {
  const signed = await decide(decision.id, digest, 'take-back', decision.rights)
  await post(pathOf(decision, 'take-back'), { decision: signed })
}

const pathOf = ({ id }: Signed, verb: string) => `/api/v1/decisions/${encodeURIComponent(id)}/${verb}`

/** Words for what went wrong; `what` is the verb in the past, e.g. `approved`. */
export function troubleFrom(error: unknown, what: string): Trouble {
  if (error instanceof BrainProblem && error.status === 409) {
    return { title: error.title, detail: `${error.detail} Nothing was written.`, stale: true }
  }
  if (error instanceof BrainProblem && error.status === 403) {
    return { title: `Not ${what}`, detail: `${error.detail} Nothing was written.`, stale: false }
  }
  if (error instanceof OrgRefusal) {
    return { title: `Not ${what}`, detail: `${error.message} Nothing was written.`, stale: false }
  }
  if (error instanceof NoAnswer) {
    const detail = `${error.message} It is not known whether your answer arrived; load the decision again to see.`
    return { title: 'No answer', detail, stale: true }
  }
  const detail = error instanceof Error ? error.message : 'Unknown trouble.'
  return { title: `Not ${what}`, detail: `${detail} Nothing was written.`, stale: false }
}

/** What to say when the contents of a decision were erased; null for any other error. */
export function erasedIn(error: unknown): string | null {
  if (!(error instanceof BrainProblem) || error.status !== 410) return null
  const { erased } = error.problem as { erased?: { at: string; by: string } }
  return erased ? erasedText(erased) : error.detail
}
