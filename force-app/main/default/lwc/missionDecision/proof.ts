import { digestOf } from 'c/changeSetDigest'
import { rowsOf } from 'c/changeSetRows'
import type { Rows } from 'c/changeSetRows'
import type { DecisionView } from '../../../../../server/contract/http.ts'

/** What the screen shows of a decision and the digest of exactly that. */
export interface Proof extends Rows {
  digest: string
}

/** Computes the digest from the leaves that are shown and holds it against the one the decision carries. */
export async function proofOf(decision: DecisionView): Promise<Proof> {
  const rows = rowsOf(decision)
  const digest = await digestOf(decision.leaves).catch(() => '')
  if (digest !== decision.digest) {
    return { ...rows, digest, fault: 'What is shown is not what would be approved: the digests differ.' }
  }
  return { ...rows, digest, fault: rows.fault ?? foreign(decision) }
}

/** The leaves say themselves which decision and version they belong to. */
function foreign({ leaves, id, version }: DecisionView): string | null {
  const at = (path: string) => {
    const leaf = leaves.find((each) => each.path === path)
    return leaf && 'value' in leaf ? leaf.value : undefined
  }
  const same = at('/decision') === id && at('/version') === version
  return same ? null : 'What is shown belongs to another decision or version.'
}
