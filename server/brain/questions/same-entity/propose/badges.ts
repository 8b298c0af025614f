import type Big from 'big.js'
import type { Risk } from '../../../../contract/states.ts'
import { groupDigits } from '../../../domain/digits.ts'
import type { RatedBadge } from '../../../domain/proposal.ts'
import { children, isTrue, openOpportunities, sumOf } from './account.ts'
import type { MergePlan } from './merge-plan.ts'

/** Related records above which undo can no longer put everything back in one go. */
const LARGE = 100
const LARGE_AMOUNT = 100_000

/** Badges of a merge by rule, each with its risk. */
export const badgesOf = (plan: MergePlan): RatedBadge[] => [...mergeBadges(plan), ...mergedDeals(plan)]

function mergeBadges({ losers, survivor, survival, moves, shared }: MergePlan): RatedBadge[] {
  if (losers.length === 0) return []
  const count = moves.reduce((sum, { ids }) => sum + ids.length, 0)
  const customers = [survivor, ...losers].some(({ values }) => String(values['Type'] ?? '').startsWith('Customer'))
  const externalId = survival?.lost.some(({ field }) => field === 'External_Id__c') ?? false
  const badge = (on: boolean, code: string, label: string, risk: Risk): RatedBadge[] =>
    on ? [{ code, label: [label], gated: false, risk }] : []
  return [
    ...badge(true, 'merge', 'Merge: cannot be undone in full', 'medium'),
    ...badge(customers, 'customer', 'Customer account', 'medium'),
    ...badge(externalId, 'external-id-lost', 'An external id is lost', 'high'),
    ...badge(count > LARGE, 'large', 'More than 100 records move', 'high'),
    ...badge(shared.deletes.length > 0, 'relation-removed', 'A contact relation is removed first', 'medium'),
  ]
}

function mergedDeals({ losers }: MergePlan): RatedBadge[] {
  const open = losers.flatMap(openOpportunities)
  const amount = sumOf(open, 'Amount')
  const won = losers
    .flatMap((loser) => children(loser, 'Opportunities'))
    .filter(({ values }) => isTrue(values['IsWon']))
  const record = open[0] && { object: 'Opportunity', id: open[0].id }
  const shown = { text: grouped(amount), field: 'Opportunity.Amount', ...(record && { record }) }
  return [
    ...(amount.gt(0)
      ? [
          {
            code: 'pipeline-moves',
            label: [shown, ' open pipeline moves'],
            gated: true,
            risk: amount.gte(LARGE_AMOUNT) ? ('high' as const) : ('medium' as const),
          },
        ]
      : []),
    ...(won.length > 0
      ? [{ code: 'closed-won-moves', label: ['Closed-won opportunities move'], gated: false, risk: 'high' as const }]
      : []),
  ]
}

/** `90000` as `90,000`; cents only when there are any. */
function grouped(amount: Big): string {
  return groupDigits(amount.toFixed(amount.round(0, 0).eq(amount) ? 0 : 2))
}
