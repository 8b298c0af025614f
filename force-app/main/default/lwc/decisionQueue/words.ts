import { counted } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'

/** The head of the list: how many wait. */
export function titleOf(items: readonly DecisionSummary[] | null, isAboutRecord: boolean): string {
  const open = (items ?? []).filter(({ status }) => status === 'open').length
  if (open === 0) return 'Decisions'
  return isAboutRecord ? `${counted(open, 'decision')} about this record` : counted(open, 'decision')
}

/** Why the list is empty. */
export function textOfEmpty(isAboutRecord: boolean): string {
  return isAboutRecord ? 'No decision is waiting about this record.' : 'All caught up. No decision is waiting.'
}

/** What is announced after an answer. */
export const said: Record<string, string> = {
  approved: 'Approved. Nothing is written before the hold is over.',
  rejected: 'Rejected. Nothing was written.',
  'taken back': 'Taken back. Nothing was written.',
}
