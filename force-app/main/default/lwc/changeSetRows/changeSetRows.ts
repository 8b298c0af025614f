// Turns a decision's leaves into everything the page shows of its change set, so that the digest covers what is read.
import { formatLabel } from 'c/missionWords'
import { markInvisible } from 'c/visibleText'
import type { DecisionView } from '../../../../../server/contract/http.ts'
import { countsOf, type Counts } from './counts'
import type { Shown } from './display'
import { endingsOf, movesOf, type Ending, type Move } from './effects'
import { labels } from './labels'
import { LeafIndex } from './leaves'
import { mustHoldOf, type MustHold } from './mustHold'
import { Names } from './names'
import { operationsOf } from './operations'
import { planOf, type Step } from './plan'
import { groupsOf } from './groups'
import type { Creation, Row, RowGroup } from './rows'

export { shortId } from './pieces'
export type { Creation, Ending, Move, MustHold, Row, RowGroup, Shown, Step }

type Described = Pick<
  DecisionView,
  'leaves' | 'rows' | 'subject' | 'goesAway' | 'lost' | 'moves' | 'plan' | 'counters' | 'mustHold'
>

/** A change set as the page shows it. All of it comes from the leaves; the brain adds names, labels and formats. */
export interface ChangeSet {
  groups: RowGroup[]
  /** Records that are to be made; their values are in no group, except those that require review. */
  creations: Creation[]
  plan: Step[]
  moves: Move[]
  endings: Ending[]
  mustHold: MustHold[]
  counts: Counts
  /** Kinds of its operations, without repeats. */
  kinds: string[]
  /** True when a record that would change is withheld from the reader. */
  hasHiddenRecord: boolean
  /** Why the screen cannot vouch for this change set; null when it can. */
  invalidReason: string | null
}

/**
 * What the page shows of a change set, derived from its leaves. Where the brain describes it differently the part says so,
 * and the change set is invalid; likewise when a leaf of an operation is in no visible part.
 */
export function changeSetOf(decision: Described): ChangeSet {
  const leaves = new LeafIndex(decision.leaves)
  const names = new Names(decision, leaves)
  const operations = operationsOf(leaves)
  const plan = planOf(operations, leaves, names, decision.plan)
  const { groups, creations, strange, differing } = groupsOf(operations, leaves, names, decision.rows)
  const moves = movesOf(operations, leaves, names, decision.moves)
  const endings = endingsOf(operations, leaves, names, decision.goesAway)
  const mustHold = mustHoldOf(leaves, names)
  const counts = countsOf(operations, leaves, plan, moves)
  const hasHiddenRecord = operations.some(({ recordPaths }) => recordPaths.some((path) => leaves.isClosed(path)))
  const parts = [
    ...differing,
    ...(plan.some(({ note }) => note) || plan.length !== decision.plan.length ? [labels.partPlan] : []),
    ...(moves.differ ? [labels.partMoves] : []),
    ...(endings.differ ? [labels.partEnds] : []),
    ...(isCountedSo(counts, decision.counters) ? [] : [labels.partCounts]),
  ]
  return {
    groups,
    creations,
    plan,
    moves: moves.moves,
    endings: endings.endings,
    mustHold,
    counts,
    kinds: [...new Set(operations.map(({ kind }) => kind))],
    hasHiddenRecord,
    invalidReason: invalidReasonOf(
      leaves,
      strange,
      // A reader from whom a record is withheld cannot approve; the brain leaves out more of it than its id.
      hasHiddenRecord ? [] : parts,
      operations.some(({ kind }) => kind === ''),
    ),
  }
}

/** Every open leaf, as stored: the long form of the change set. */
export function everyLeaf(decision: Pick<DecisionView, 'leaves'>): { path: string; value: string }[] {
  return decision.leaves.map((leaf) => ({
    path: markInvisible(leaf.path),
    value: 'commitment' in leaf ? labels.hidden : markInvisible(JSON.stringify(leaf.value)),
  }))
}

const isCountedSo = (counts: Counts, counters: DecisionView['counters']): boolean =>
  (['fields', 'created', 'moves', 'calls'] as const).every((name) => counts[name] === counters[name])

function invalidReasonOf(
  leaves: LeafIndex,
  strange: string | undefined,
  parts: readonly string[],
  hasUnknown: boolean,
): string | null {
  if (leaves.doubled.length > 0) return labels.doubled
  const [unshown] = leaves.unshown
  if (unshown !== undefined) return formatLabel(labels.notShown, markInvisible(unshown))
  if (hasUnknown) return formatLabel(labels.notShown, labels.hidden)
  if (strange !== undefined) return formatLabel(labels.undescribed, strange)
  return parts.length > 0 ? formatLabel(labels.differs, parts.join(', ')) : null
}
