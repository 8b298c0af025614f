import { counted } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'

/** The head of the list: how many wait. It stays one line long, for what stands below it must not move. */
export function titleOf(items: readonly DecisionSummary[] | null): string {
  const open = (items ?? []).filter(({ status }) => status === 'open').length
  return open === 0 ? 'Decisions' : counted(open, 'decision')
}

/** Why the list is empty. */
export function textOfEmpty(isAboutRecord: boolean): string {
  return isAboutRecord
    ? 'No decision is waiting about this record.'
    : 'All caught up. No decision is waiting. Show decided tells what was.'
}

/** What came since the order was last made. */
export function newsTextOf(count: number, isListed: boolean): string {
  return `${count} new · ${isListed ? 'Refresh order' : 'Show'}`
}

/** What is announced after an answer. */
export const said: Record<string, string> = {
  approved: 'Approved. Nothing is written before the hold is over.',
  rejected: 'Rejected. Nothing was written.',
  'taken back': 'Taken back. Nothing was written.',
}
