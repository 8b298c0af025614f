import { blocksOf } from '../../../server/brain/matching/blocking/blocks.ts'
import { blockingKeys } from '../../../server/brain/matching/blocking/keys.ts'
import { factsOfAccount, type CompanyFacts } from '../../../server/brain/matching/facts/company-facts.ts'
import { inventRecords, type TrueRecord } from './records.ts'

interface TruePair {
  a: TrueRecord
  b: TrueRecord
  factsA: CompanyFacts
  factsB: CompanyFacts
  isSame: boolean
}

/** Candidate pairs of invented records, as the blocks bring them. */
export function* candidatePairs(seed: number, count: number): Generator<TruePair> {
  const records = inventRecords(seed, count)
  const facts = records.map(({ id, values }) => factsOfAccount(id, values))
  const blocks = blocksOf(facts.map(blockingKeys))
  for (const [i, a] of records.entries()) {
    for (const j of blocks.candidatesBelow(i)) {
      const [b, factsA, factsB] = [records[j], facts[i], facts[j]]
      if (b && factsA && factsB) yield { a, b, factsA, factsB, isSame: a.truth === b.truth }
    }
  }
}
