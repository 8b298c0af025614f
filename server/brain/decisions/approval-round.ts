// Rounds of approving one version: each time approvals of it lapse, it is asked about anew on those that stand.
import { WRITE_KEY } from '../domain/run.ts'
import type { Approval, ChangeSetVersion } from '../domain/decision.ts'

/** Which approvals a version is written on. */
export interface Round {
  version: number
  /** Approvals of the version that lapsed before. */
  lapsed: number
}

export function roundOf({ version }: ChangeSetVersion, approvals: readonly Approval[]): Round {
  return { version, lapsed: approvals.filter((each) => each.version === version && each.lapsed).length }
}

/** Journal key under which a round is first asked to be written. */
export const roundName = ({ version, lapsed }: Round): string =>
  lapsed === 0 ? `${WRITE_KEY}v${version}` : `${WRITE_KEY}v${version}-after-${lapsed}-lapsed`
