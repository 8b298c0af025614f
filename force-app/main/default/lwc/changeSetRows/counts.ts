import type { MovesShown } from './effects'
import type { LeafIndex } from './leaves'
import type { Operation } from './operations'
import type { Step } from './plan'

/** How much a change set does. */
export interface Counts {
  /** Fields of existing records that it sets, withheld ones too. */
  fields: number
  created: number
  moves: number
  /** Write requests. */
  calls: number
  /** Values that the reader does not get; the parts of one value count once. */
  hidden: number
}

export function countsOf(
  operations: readonly Operation[],
  leaves: LeafIndex,
  plan: readonly Step[],
  { total }: MovesShown,
): Counts {
  const existing = operations.filter(({ ownPath }) => ownPath !== null)
  const hidden = leaves.allPaths.filter((path) => path.startsWith('/operations/') && leaves.isClosed(path))
  return {
    fields: existing.reduce((sum, { sets }) => sum + sets.length, 0),
    created: operations.filter(({ kind }) => kind === 'create').length,
    moves: total,
    calls: plan.length,
    hidden: new Set(hidden.map((path) => path.replace(/\/(from|to|source)$/, ''))).size,
  }
}
