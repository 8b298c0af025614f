import { digestOf } from 'c/changeSetDigest'
import { changeSetOf, everyLeaf } from 'c/changeSetRows'
import type { ChangeSet } from 'c/changeSetRows'
import { formatLabel } from 'c/missionWords'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { labels } from './labels'

/** The change set of a decision as the screen shows it, and the digest of exactly that. */
export interface Proof extends ChangeSet {
  digest: string
  digestText: string
  /** Every leaf as stored: the long form of the change set. */
  leaves: { path: string; value: string }[]
  /** The banner where the change set is invalid, else null. */
  invalidText: string | null
}

/** Computes the digest from the leaves that are shown and compares it with the one the decision carries. */
export async function proofOf(decision: DecisionView): Promise<Proof> {
  const changeSet = changeSetOf(decision)
  const digest = await digestOf(decision.leaves).catch(() => '')
  const invalidReason =
    digest === decision.digest
      ? (changeSet.invalidReason ?? foreignReason(decision) ?? unseenReason(decision, changeSet))
      : labels.digestsDiffer
  return {
    ...changeSet,
    invalidReason,
    invalidText: invalidReason && formatLabel(labels.cannotApprove, invalidReason),
    digest,
    digestText: formatLabel(labels.digest, digest),
    leaves: everyLeaf(decision),
  }
}

/** A brain that lets someone approve a change of a record withheld from them is not to be trusted. */
const unseenReason = ({ you }: DecisionView, { hasHiddenRecord }: ChangeSet): string | null =>
  hasHiddenRecord && you.canApprove ? labels.recordHidden : null

/** The leaves themselves hold the decision and the version they belong to. */
function foreignReason({ leaves, id, version }: DecisionView): string | null {
  const at = (path: string) => {
    const leaf = leaves.find((each) => each.path === path)
    return leaf && 'value' in leaf ? leaf.value : undefined
  }
  const same = at('/decision') === id && at('/version') === version
  return same ? null : labels.foreign
}
