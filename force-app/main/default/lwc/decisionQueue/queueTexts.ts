import { formatCount, formatLabel } from 'c/missionWords'
import type { DecisionSummary } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** The title of the list: how many wait. It stays one line long, so that nothing below it moves. */
export function titleOf(items: readonly DecisionSummary[] | null): string {
  const open = (items ?? []).filter(({ status }) => status === 'open').length
  return open === 0 ? labels.decisions : formatCount(open, labels.decisionsOne, labels.decisionsMany)
}

/** Why the list is empty. */
export function textOfEmpty(isAboutRecord: boolean): string {
  return isAboutRecord ? labels.emptyRecord : labels.emptyAll
}

/** The button for decisions that arrived since the list was last sorted. */
export function newsTextOf(count: number, isListed: boolean): string {
  return formatLabel(isListed ? labels.newSort : labels.newShow, count)
}

/** Announced to screen readers after an answer. */
export const announcements: Record<string, string> = {
  approved: labels.approved,
  rejected: labels.rejected,
  'taken-back': labels.takenBack,
}
