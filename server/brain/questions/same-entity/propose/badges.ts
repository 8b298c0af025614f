import type Big from 'big.js'
import type { GateRequirement } from '../../../../contract/gate/lines.ts'
import { peopleNeeded } from '../../../../contract/gate/people.ts'
import type { Operation } from '../../../../contract/operations/operation.ts'
import type { Risk } from '../../../../contract/states.ts'
import { groupDigits } from '../../../domain/digits.ts'
import type { Phrase } from '../../../domain/phrase.ts'
import type { Proposal } from '../../../domain/proposal.ts'
import type { WithheldField } from '../shapes/reasoner.ts'
import { children, isTrue, openOpportunities, sumOf } from './account.ts'
import type { MergePlan } from './merge-plan.ts'

interface Rated {
  code: string
  label: Phrase
  gated: boolean
  risk: Risk
}

/** Related records above which undo can no longer put everything back in one go. */
const LARGE = 100
const LARGE_AMOUNT = 100_000
const LEVELS: readonly Risk[] = ['low', 'medium', 'high']

/** Badges by rule, and the risk: that of the worst badge, high when more than one person must answer. */
export function badgesOf(
  operations: readonly Operation[],
  plan: MergePlan,
  gate: GateRequirement,
  withheld: readonly WithheldField[],
): { badges: Proposal['badges']; risk: Risk } {
  const rated = [...ownerBadge(operations), ...mergeBadges(plan), ...mergedDeals(plan), ...withheldBadge(withheld)]
  const worst = Math.max(peopleNeeded(gate.rosters) > 1 ? 2 : 0, ...rated.map(({ risk }) => LEVELS.indexOf(risk)))
  return { badges: rated.map(({ risk: _, ...badge }) => badge), risk: LEVELS[worst] ?? 'high' }
}

function ownerBadge(operations: readonly Operation[]): Rated[] {
  const changes = operations.some(({ kind }) => kind === 'changeOwner')
  return changes ? [{ code: 'owner-changes', label: ['Owner changes'], gated: true, risk: 'medium' }] : []
}

/** A record that addresses a model may have been written by an attacker: the risk is high. */
function withheldBadge(withheld: readonly WithheldField[]): Rated[] {
  if (withheld.length === 0) return []
  return [{ code: 'text-withheld', label: ['A record’s text looks like instructions'], gated: false, risk: 'high' }]
}

function mergeBadges({ losers, survivor, survival, moves, shared }: MergePlan): Rated[] {
  if (losers.length === 0) return []
  const count = moves.reduce((sum, { ids }) => sum + ids.length, 0)
  const customers = [survivor, ...losers].some(({ values }) => String(values['Type'] ?? '').startsWith('Customer'))
  const externalId = survival?.lost.some(({ field }) => field === 'External_Id__c') ?? false
  const badge = (on: boolean, code: string, label: string, risk: Risk): Rated[] =>
    on ? [{ code, label: [label], gated: false, risk }] : []
  return [
    ...badge(true, 'merge', 'Merge: cannot be undone in full', 'medium'),
    ...badge(customers, 'customer', 'Customer account', 'medium'),
    ...badge(externalId, 'external-id-lost', 'An external id is lost', 'high'),
    ...badge(count > LARGE, 'large', 'More than 100 records move', 'high'),
    ...badge(shared.deletes.length > 0, 'relation-removed', 'A contact relation is removed first', 'medium'),
  ]
}

function mergedDeals({ losers }: MergePlan): Rated[] {
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
