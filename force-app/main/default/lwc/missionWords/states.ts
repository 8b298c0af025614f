import type { RunStatus, Verdict } from '../../../../../server/contract/states.ts'

const ENDED: readonly RunStatus[] = ['done', 'failed', 'cancelled']
const WRITTEN: readonly Verdict[] = ['verified', 'differs', 'partly']
const MAY_HAVE_WRITTEN: readonly Verdict[] = [...WRITTEN, 'unknown', 'undone']

/** Whether a run takes no further step. */
export function hasEnded(status: RunStatus): boolean {
  return ENDED.includes(status)
}

/** Whether values stand in Salesforce, after this verdict, that could be restored. */
export function isWritten(verdict: Verdict | null | undefined): boolean {
  return verdict != null && WRITTEN.includes(verdict)
}

/** Whether records may differ from before: they were written, or the result of the write is unknown. */
export function mayHaveWritten(verdict: Verdict | null): boolean {
  return verdict !== null && MAY_HAVE_WRITTEN.includes(verdict)
}
