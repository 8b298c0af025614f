import type { Operation } from '../../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { MergeTemplate, ReadStep } from '../../../domain/mission.ts'
import type { NewObservation } from '../../../domain/run.ts'
import { named } from '../../../domain/named-record.ts'
import { fit, nameOf } from '../../../domain/say.ts'
import { cite } from '../../../knowledge/document.ts'
import { HEADINGS, type BlockCode, type MergePolicy } from '../../../knowledge/merge-policy.ts'
import { isTrue } from './account.ts'
import { movesOf, movesShown, movingSteps } from './moves.ts'
import { sharedContacts, type SharedContacts } from './shared-contacts.ts'
import { survive, type Survival } from './survive-fields.ts'
import { rank, REASONS } from './survivor.ts'

type Merge = Extract<Operation, { kind: 'merge' }>

export interface MergePlan {
  /** What the lead will point to, merged or not. */
  survivor: RecordValues
  /** Empty when nothing is merged. */
  losers: RecordValues[]
  operations: Operation[]
  survival: Survival | null
  shared: SharedContacts
  moves: ReturnType<typeof movesShown>
  say: NewObservation[]
}

/** The most records one merge request takes besides the survivor. */
const LOSERS_PER_MERGE = 2

/** Who survives, what is merged into it, and what stops that. `company` are the accounts found to be one company. */
export function planMerge(
  template: MergeTemplate,
  steps: readonly ReadStep[],
  company: readonly RecordValues[],
  policy: { name: string; rules: MergePolicy; version: number },
  amounts: readonly string[] = [],
): MergePlan {
  const { rules } = policy
  const { accounts, decidedBy } = rank(company, rules.survivor)
  const survivor = accounts[0] ?? company[0]
  if (!survivor) throw new TypeError('a company has at least one account')
  const stopped = accounts.flatMap((account) => blocksOf(account, survivor, accounts.length, rules))
  const out = new Set(stopped.map(({ account }) => account.id))
  const losers = out.has(survivor.id) ? [] : accounts.filter((account) => account !== survivor && !out.has(account.id))
  const say = stopped.map(({ account, sentence }) => refused(account, sentence, policy))
  const nothing = {
    survivor,
    losers: [],
    operations: [],
    survival: null,
    shared: { deletes: [], before: {} },
    moves: [],
    say,
  }
  if (losers.length === 0) return nothing
  const shared = sharedContacts(survivor, losers)
  const cleanUp = rules.blocks.find(({ when }) => when === 'contact-on-both')?.then === 'remove-indirect-relation'
  const mayDelete = template.remove.includes('AccountContactRelation')
  if (shared.deletes.length > 0 && !(cleanUp && mayDelete)) {
    return {
      ...nothing,
      say: [...say, refused(survivor, 'shares a contact with another; both accounts stay', policy)],
    }
  }
  const survival = survive(survivor, losers, rules, template.fields, amounts)
  const gone = new Set(shared.deletes.map(({ operation }) => operation.id))
  const moving = movingSteps(steps)
  const operations = [
    ...shared.deletes.map(({ operation }) => operation),
    ...chained(losers).map((some): Merge => ({
      kind: 'merge',
      object: survivor.object,
      survivor: survivor.id,
      losers: some.map(({ id }) => id),
      fields: fieldsFrom(survival, some),
      moves: movesOf(some, moving, gone),
    })),
  ]
  return {
    survivor,
    losers,
    operations,
    survival,
    shared,
    moves: movesShown(losers, moving, gone),
    say: [...say, survives(survivor, REASONS[decidedBy], policy)],
  }
}

/** A merge sets the values that come from its own losers, so that an earlier one that stands alone is still right. */
function fieldsFrom(survival: Survival, losers: readonly RecordValues[]): Merge['fields'] {
  const ids = new Set(losers.map(({ id }) => id))
  return Object.fromEntries(Object.entries(survival.fields).filter(([field]) => ids.has(survival.from[field] ?? '')))
}

function chained(losers: readonly RecordValues[]): RecordValues[][] {
  return Array.from({ length: Math.ceil(losers.length / LOSERS_PER_MERGE) }, (_, n) =>
    losers.slice(n * LOSERS_PER_MERGE, (n + 1) * LOSERS_PER_MERGE),
  )
}

function blocksOf(account: RecordValues, survivor: RecordValues, size: number, rules: MergePolicy) {
  if (size < 2) return []
  const applies: Record<BlockCode, boolean> = {
    'legal-hold': isTrue(account.values['Legal_Hold__c']),
    'person-account': isTrue(account.values['IsPersonAccount']),
    'record-types-differ': (account.values['RecordTypeId'] ?? null) !== (survivor.values['RecordTypeId'] ?? null),
    'contact-on-both': false,
  }
  return rules.blocks.flatMap(({ when, then, sentence }) =>
    then === 'refuse' && applies[when] ? [{ account, sentence }] : [],
  )
}

type Policy = { name: string; version: number }

function refused(account: RecordValues, sentence: string, policy: Policy): NewObservation {
  return {
    kind: 'concluded',
    text: fit([nameOf(named(account)), ` ${sentence}, so it is not merged`]),
    citations: [cite(policy, HEADINGS.blocks)],
  }
}

function survives(survivor: RecordValues, reason: string, policy: Policy): NewObservation {
  return {
    kind: 'concluded',
    text: fit([nameOf(named(survivor)), ` survives: ${reason}`]),
    citations: [cite(policy, HEADINGS.survivor)],
  }
}
