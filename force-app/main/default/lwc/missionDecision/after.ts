import { isWritten } from 'c/missionWords'
import type { DecisionView, RunView } from '../../../../../server/contract/http.ts'

/** The parts of the screen that follow a write. */
export interface After {
  isWritten: boolean
  hasDifferences: boolean
  /** A value differs from the proposal, or one outside the proposal has changed. */
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
