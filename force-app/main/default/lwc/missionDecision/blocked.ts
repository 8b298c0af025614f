import { formatCount, formatLabel, sharedLabels } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

interface State {
  /** Null while it loads or an answer is on its way. */
  decision: Pick<DecisionView, 'you'> | null
  invalidReason: string | null
  isOutdated: boolean
  /** Changes that require review and were not seen yet. */
  unseen: number
}

/** Why approving is not possible now; null when it is. */
export function blockedReason({ decision, invalidReason, isOutdated, unseen }: State): string | null {
  if (!decision) return labels.oneMoment
  if (invalidReason) return formatLabel(labels.cannotApprove, invalidReason)
  if (isOutdated) return sharedLabels.newerVersion
  if (!decision.you.canApprove) return decision.you.why ?? labels.mayNotApprove
  return unseen === 0 ? null : formatCount(unseen, labels.unseenOne, labels.unseenMany)
}
