import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { SurvivorCriterion } from '../../../knowledge/merge-policy.ts'
import { openOpportunities, relatedCount } from './account.ts'

/** Higher is better; each criterion of the policy as a number or text that can be compared. */
const MEASURES: Record<SurvivorCriterion, (account: RecordValues) => number | string> = {
  'customer-type': ({ values }) => (String(values['Type'] ?? '').startsWith('Customer') ? 1 : 0),
  'open-opportunities': (account) => openOpportunities(account).length,
  'related-records': relatedCount,
  oldest: ({ values }) => inverted(String(values['CreatedDate'] ?? '9999')),
}

export const REASONS: Record<SurvivorCriterion | 'id', string> = {
  'customer-type': 'it is a customer',
  'open-opportunities': 'it has more open opportunities',
  'related-records': 'more records hang on it',
  oldest: 'it is the oldest',
  id: 'it comes first by id',
}

interface Ranking {
  /** Best first. */
  accounts: RecordValues[]
  /** What told the best from the second best. */
  decidedBy: SurvivorCriterion | 'id'
}

/** Puts accounts in the order the policy prefers them to survive; equal ones by id, so that the order never depends on the reading. */
export function rank(accounts: readonly RecordValues[], criteria: readonly SurvivorCriterion[]): Ranking {
  const ranked = [...accounts].sort((a, b) => {
    const criterion = telling(a, b, criteria)
    if (!criterion) return a.id < b.id ? -1 : 1
    return MEASURES[criterion](a) > MEASURES[criterion](b) ? -1 : 1
  })
  const [first, second] = ranked
  return { accounts: ranked, decidedBy: (first && second && telling(first, second, criteria)) ?? 'id' }
}

function telling(a: RecordValues, b: RecordValues, criteria: readonly SurvivorCriterion[]) {
  return criteria.find((criterion) => MEASURES[criterion](a) !== MEASURES[criterion](b))
}

/** Digits turned round, so that an earlier time compares as greater. */
const inverted = (iso: string) => iso.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))
