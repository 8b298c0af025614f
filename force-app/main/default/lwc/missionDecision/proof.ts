import { digestOf } from 'c/changeSetDigest'
import { everyLeaf, rowsOf } from 'c/changeSetRows'
import type { Rows } from 'c/changeSetRows'
import { formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** The rows of a decision on the screen and the digest of exactly those. */
export interface Proof extends Rows {
  digest: string
  digestText: string
  /** Every leaf as stored: the long form of the change set. */
  leaves: { path: string; value: string }[]
  /** The banner where the change set is invalid, else null. */
  invalidText: string | null
}

/** Computes the digest from the leaves that are shown and compares it with the one the decision carries. */
export async function proofOf(decision: DecisionView): Promise<Proof> {
  const rows = rowsOf(decision)
  const digest = await digestOf(decision.leaves).catch(() => '')
  const invalidReason =
    digest === decision.digest ? (rows.invalidReason ?? foreignReason(decision)) : labels.digestsDiffer
  return {
    ...rows,
    invalidReason,
    invalidText: invalidReason && formatLabel(labels.cannotApprove, invalidReason),
    digest,
    digestText: formatLabel(labels.digest, digest),
    leaves: everyLeaf(decision),
  }
}

/** The leaves themselves hold the decision and the version they belong to. */
function foreignReason({ leaves, id, version }: DecisionView): string | null {
  const at = (path: string) => {
    const leaf = leaves.find((each) => each.path === path)
    return leaf && 'value' in leaf ? leaf.value : undefined
  }
  const same = at('/decision') === id && at('/version') === version
  return same ? null : labels.foreign
}
