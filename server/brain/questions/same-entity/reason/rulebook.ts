import type { NamedRecord } from '../../../domain/proposal.ts'
import { clusterAround } from '../../../matching/clusters/cluster.ts'
import { factsOfAccount, factsOfLead, type CompanyFacts } from '../../../matching/facts/company-facts.ts'
import { judge, type Band, type Judgement } from '../../../matching/judge.ts'
import { apartClaim, companyClaim, doubtClaim, noneClaim, sameClaim, tiedClaim } from './claims.ts'
import type { Claim } from '../../asking/question.ts'
import type { PairFinding, Reasoner, SameEntityAnswer, SameEntityEvidence } from '../shapes/reasoner.ts'

/** Most look-alikes explained in one run; more would hide the important ones. */
const APART_SHOWN = 6
const BANDS: readonly Band[] = ['strong', 'likely', 'uncertain']

/** The deterministic reasoner: the same evidence always gives the same claims and answer. */
export const rulebook: Reasoner = {
  async *sameEntity(evidence) {
    const answer = decide(evidence)
    yield* claimsOf(evidence, answer)
    return answer
  },
}

function decide({ lead, accounts, apart = [] }: SameEntityEvidence): SameEntityAnswer {
  const leadFacts = factsOfLead(lead.id, lead.values)
  const facts = accounts.map(({ id, values }) => factsOfAccount(id, values)).sort((a, b) => (a.id < b.id ? -1 : 1))
  const toLead = facts.map((account) => findingOf(leadFacts, account, judge(leadFacts, account)))
  const judged = pairsOf(facts).map(([a, b]) => ({
    a: a.id,
    b: b.id,
    judgement: keptApart(apart, a.id, b.id, judge(a, b)),
  }))
  const between = judged.map(({ a, b, judgement }) => findingOf({ id: a }, { id: b }, judgement))
  const pairs = [...toLead, ...between]
  const ids = facts.map(({ id }) => id)
  const { chosen, tied } = choose(toLead, (id) => clusterAround(id, ids, judged))
  const company = chosen === null ? [] : clusterAround(chosen, ids, judged)
  return {
    chosen,
    company,
    band: chosen === null ? null : weakestBand(chosen, company, pairs),
    tied,
    pairs,
    opinions: [],
  }
}

/** What a person said overrules what the records show. */
function keptApart(
  apart: NonNullable<SameEntityEvidence['apart']>,
  a: string,
  b: string,
  judgement: Judgement,
): Judgement {
  const said = apart.some(({ record, other }) =>
    other === null ? record === a || record === b : (record === a && other === b) || (record === b && other === a),
  )
  const { comparison, points, probability } = judgement
  return said ? { verdict: 'different', why: { code: 'kept-apart' }, comparison, points, probability } : judgement
}

/** The account that fits best; null when two fit equally well and are not one company: then a person chooses. */
function choose(
  toLead: readonly PairFinding[],
  companyOf: (id: string) => string[],
): { chosen: string | null; tied: string[] } {
  const fitting = toLead
    .filter(({ verdict, band }) => verdict === 'same' && band !== 'uncertain')
    .sort((x, y) => rank(x.band) - rank(y.band) || y.points - x.points || (x.b < y.b ? -1 : 1))
  const [best, ...others] = fitting
  if (!best) return { chosen: null, tied: [] }
  const company = companyOf(best.b)
  const tied = others.filter(
    ({ b, band, points }) => band === best.band && points === best.points && !company.includes(b),
  )
  return tied.length > 0 ? { chosen: null, tied: [best.b, ...tied.map(({ b }) => b)] } : { chosen: best.b, tied: [] }
}

const rank = (band: Band | null) => (band === null ? BANDS.length : BANDS.indexOf(band))

/** The band of the weakest link that joins the company. */
function weakestBand(chosen: string, company: readonly string[], pairs: readonly PairFinding[]): Band {
  const members = new Set(company)
  const ofLead = pairs.find(({ a, b }) => b === chosen && !members.has(a))?.band ?? 'uncertain'
  const links = company.map((id) => {
    const own = pairs.filter(
      ({ a, b, verdict }) => verdict === 'same' && (a === id || b === id) && members.has(a) && members.has(b),
    )
    return company.length === 1 ? ofLead : (own.map(({ band }) => band).sort((x, y) => rank(x) - rank(y))[0] ?? ofLead)
  })
  return BANDS[Math.max(rank(ofLead), ...links.map(rank))] ?? 'uncertain'
}

function findingOf(a: { id: string }, b: { id: string }, judgement: Judgement): PairFinding {
  return {
    a: a.id,
    b: b.id,
    verdict: judgement.verdict,
    band: judgement.verdict === 'same' ? judgement.band : null,
    why: judgement.verdict === 'different' ? judgement.why : null,
    points: judgement.points,
    evidence: judgement.comparison.evidence,
  }
}

function* claimsOf(evidence: SameEntityEvidence, answer: SameEntityAnswer): Generator<Claim> {
  const records = new Map([evidence.lead, ...evidence.accounts].map((record) => [record.id, record]))
  const lead: NamedRecord = named(evidence.lead, 'Company')
  const nameOf = (id: string): NamedRecord => {
    const record = records.get(id)
    return !record || record.id === lead.id ? lead : named(record, 'Name')
  }
  const telling = answer.pairs.filter(
    ({ a, b }) => answer.company.includes(b) && (a === lead.id || answer.company.includes(a)),
  )
  for (const pair of telling) if (pair.verdict === 'same') yield sameClaim(pair, nameOf, lead.id)
  for (const pair of doubtful(answer, lead.id)) yield doubtClaim(pair, nameOf, lead.id)
  for (const pair of apartPairs(answer, lead.id)) yield apartClaim(pair, nameOf, lead.id)
  if (answer.tied.length > 0) yield tiedClaim(answer.tied.map(nameOf), lead)
  else if (answer.chosen === null) yield noneClaim(lead)
  else yield companyClaim(answer.company.map(nameOf), lead)
}

/** Accounts that may be the lead's company, with too little evidence for a proposal. */
function doubtful({ pairs, company }: SameEntityAnswer, lead: string): PairFinding[] {
  return pairs
    .filter(
      ({ a, b, verdict, band }) => a === lead && verdict === 'same' && band === 'uncertain' && !company.includes(b),
    )
    .sort((x, y) => y.points - x.points)
    .slice(0, 2)
}

/** Pairs of different companies that look like duplicates: those around the company; without one, the look-alikes of the lead. */
function apartPairs(answer: SameEntityAnswer, lead: string): PairFinding[] {
  const apart = answer.pairs.filter(({ verdict }) => verdict === 'different')
  const near = ({ a, b }: PairFinding) => a !== lead && [a, b].some((id) => answer.company.includes(id))
  const around = apart.filter(near)
  const told = new Set(around.flatMap(({ a, b }) => [a, b]))
  const alike = apart.filter(({ a, b }) => a === lead && !told.has(b))
  return [...around, ...alike].sort((x, y) => y.points - x.points).slice(0, APART_SHOWN)
}

function named({ object, id, values }: SameEntityEvidence['lead'], field: string): NamedRecord {
  const name = values[field]
  return { object, id, name: typeof name === 'string' && name !== '' ? name : `(unnamed ${object})` }
}

function pairsOf(facts: readonly CompanyFacts[]): [CompanyFacts, CompanyFacts][] {
  return facts.flatMap((a, index) => facts.slice(index + 1).map((b): [CompanyFacts, CompanyFacts] => [a, b]))
}
