// What a sweep compares: companies, or persons.
import { blockingKeys } from '../../server/brain/matching/blocking/keys.ts'
import type { CompanyFacts } from '../../server/brain/matching/facts/company-facts.ts'
import { judge, scoreOf, type Judgement } from '../../server/brain/matching/judge.ts'
import { judgePeople, type PersonJudgement } from '../../server/brain/matching/people/judge-people.ts'
import { verdictOf } from '../../server/brain/matching/people/match-people.ts'
import type { PersonFacts } from '../../server/brain/matching/people/person-facts.ts'
import { personKeys } from '../../server/brain/matching/people/person-keys.ts'

interface Compared {
  /** 0 to 1. */
  score: number
  /** True when the pair may join a cluster. */
  joins: boolean
  /** True when the pair is never in one cluster. */
  differs: boolean
}

/** How the records of a list are compared. */
export interface Matching<Facts> {
  keysOf(facts: Facts): string[]
  compare(a: Facts, b: Facts): Compared
  /** The band (`strong`, `different` …), and the checks that agree, with a plus, and that differ, with a minus. */
  explain(a: Facts, b: Facts): [band: string, evidence: string]
  idOf(facts: Facts): string
  /** What tells one list from another. */
  printOf(facts: Facts): unknown
}

/** Compares companies; of a list with names and nothing else, equal names are one company. */
export const companies = (namesAlone: boolean): Matching<CompanyFacts> => ({
  keysOf: blockingKeys,
  idOf: ({ id }) => id,
  printOf: ({ id, name, phones, address, domains }) => [id, name.words, phones, address, domains],
  compare(a, b) {
    const judgement = judge(a, b)
    const { likeness, conflict, doubts } = judgement.comparison.name
    const whole = (likeness === 'exact' || likeness === 'close') && conflict === null && doubts.length === 0
    return {
      score: scoreOf(judgement),
      joins: namesAlone ? whole : judgement.verdict === 'same' && judgement.band !== 'uncertain',
      differs: judgement.verdict === 'different',
    }
  },
  explain: (a, b) => explained(judge(a, b)),
})

/** Compares persons. */
export const people: Matching<PersonFacts> = {
  keysOf: personKeys,
  idOf: ({ id }) => id,
  printOf: (facts) => facts,
  compare(a, b) {
    const judgement = judgePeople(a, b)
    const verdict = verdictOf(judgement)
    return { score: judgement.score, joins: verdict === 'same', differs: verdict === 'different' }
  },
  explain: (a, b) => explained(judgePeople(a, b)),
}

function explained(judgement: Judgement | PersonJudgement): [string, string] {
  const signed = judgement.comparison.evidence.map(({ check, agrees }) => `${agrees ? '+' : '-'}${check}`)
  return [judgement.verdict === 'same' ? judgement.band : judgement.verdict, signed.join(' ')]
}
