// Finds the contacts and leads of a list that are one person: compared pairs with their bands, and groups.
import { blocksOf } from '../blocking/blocks.ts'
import { clustersOf, type PairVerdict } from '../clusters/clusters.ts'
import { judgePeople, type PersonJudgement } from './judge-people.ts'
import type { PersonFacts } from './person-facts.ts'
import { personKeys } from './person-keys.ts'

interface PersonPair {
  a: string
  b: string
  judgement: PersonJudgement
}

interface PeopleMatched {
  /** Compared pairs that are one person in some band or that are told apart; the rest have nothing to do with each other. */
  pairs: PersonPair[]
  /** Ids that are one person, strongly or likely; groups of two and more. */
  groups: string[][]
}

/** Compares the records of a list that share a key. Throws RangeError when there are more than two million records. */
export function matchPeople(people: readonly PersonFacts[]): PeopleMatched {
  const blocks = blocksOf(people.map(personKeys))
  const pairs: PersonPair[] = []
  const links: { a: number; b: number; score: number }[] = []
  for (const [a, x] of people.entries()) {
    for (const b of blocks.candidatesBelow(a)) {
      const y = people[b]
      if (!y) continue
      const judgement = judgePeople(x, y)
      if (judgement.verdict !== 'unrelated') pairs.push({ a: y.id, b: x.id, judgement })
      if (verdictOf(judgement) === 'same') links.push({ a, b, score: judgement.score })
    }
  }
  const between = (a: number, b: number): PairVerdict =>
    verdictOf(judgePeople(people[a] as PersonFacts, people[b] as PersonFacts))
  const groups = clustersOf(links, between).map((group) => group.map((index) => people[index]?.id ?? ''))
  return { pairs, groups }
}

/** What a judgement says to a group: strong and likely pairs join, differences keep apart. */
export function verdictOf(judgement: PersonJudgement): PairVerdict {
  if (judgement.verdict === 'different') return 'different'
  return judgement.verdict === 'same' && judgement.band !== 'uncertain' ? 'same' : 'open'
}
