import type { Move } from '../../../../contract/operations/fields.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { ChildrenStep, ReadStep } from '../../../domain/mission.ts'
import type { Proposal } from '../../../domain/proposal.ts'
import { children, isTrue, namedChild, openOpportunities, sumOf, type Child } from './account.ts'

/** A merge leaves the loser's team behind: the survivor keeps its own. */
const STAYS = new Set(['AccountTeamMembers'])

/** Steps of a mission whose records a merge moves to the survivor. */
export function movingSteps(steps: readonly ReadStep[]): ChildrenStep[] {
  return steps.filter((step): step is ChildrenStep => 'relationship' in step && !STAYS.has(step.relationship))
}

/** Children of the loser that the org moves. A direct contact relation follows its contact by itself. */
function movingChildren(loser: RecordValues, { relationship }: ChildrenStep): Child[] {
  const all = children(loser, relationship)
  return relationship === 'AccountContactRelations' ? all.filter(({ values }) => !isTrue(values['IsDirect'])) : all
}

/** What one merge request moves, for the operation; `gone` are relations the same change set deletes first. */
export function movesOf(
  losers: readonly RecordValues[],
  steps: readonly ChildrenStep[],
  gone: ReadonlySet<string>,
): Extract<Move, { ids: string[] }>[] {
  return steps.flatMap((step) => {
    const all = losers.flatMap((loser) => movingChildren(loser, step)).map(({ id }) => id)
    const ids = [...new Set(all)].filter((id) => !gone.has(id)).sort()
    const chunks = Array.from({ length: Math.ceil(ids.length / 200) }, (_, n) => ids.slice(n * 200, n * 200 + 200))
    return chunks.map((chunk) => ({ object: step.object, field: step.lookup, ids: chunk }))
  })
}

/** The same for people: per kind of record, with a few names and the open amount. */
export function movesShown(
  losers: readonly RecordValues[],
  steps: readonly ChildrenStep[],
  gone: ReadonlySet<string>,
): Proposal['moves'] {
  return steps.flatMap((step) => {
    const records = losers.flatMap((loser) => movingChildren(loser, step)).filter(({ id }) => !gone.has(id))
    if (records.length === 0) return []
    const open = losers.flatMap(openOpportunities)
    return [
      {
        object: step.object,
        field: step.lookup,
        label: step.relationship
          .replace(/__r$/, '')
          .replaceAll('_', ' ')
          .replaceAll(/([a-z])([A-Z])/g, '$1 $2'),
        ids: records.map(({ id }) => id).sort(),
        amount: step.object === 'Opportunity' ? sumOf(open, 'Amount').toFixed() : null,
        names: records.slice(0, 5).map((child) => namedChild(step.object, child)),
      },
    ]
  })
}
