import { isWritten } from 'c/missionWords'
import type { DecisionView, RunView } from '../../../../../server/contract/http.ts'

/** What there is to show of a change after it was written. */
export interface After {
  isWritten: boolean
  hasDifferences: boolean
  /** Something reads back otherwise than anybody expected. */
  hasSurprises: boolean
}

export function afterOf(decision: DecisionView | null, run: RunView | null): After {
  const differences = run?.differences ?? []
  return {
    isWritten: isWritten(decision?.verdict),
    hasDifferences: differences.length > 0,
    hasSurprises: differences.some(({ expected }) => !expected),
  }
}
