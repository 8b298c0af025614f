import type { CompanyFacts } from '../facts/company-facts.ts'
import { compareNames, type NameFinding } from '../names/name-likeness.ts'
import { agreeing, differing, NAME_WEIGHTS, pointsOf } from '../score/weights.ts'
import { places } from './places.ts'
import { phones, websites } from './reach.ts'
import type { CheckName, Evidence, Weighed } from './evidence.ts'

export interface Comparison {
  a: CompanyFacts
  b: CompanyFacts
  name: NameFinding
  evidence: (Evidence & Weighed)[]
}

/** Compares two records field by field; a field blank in either is no evidence. Swapping the two swaps `a` and `b` only. */
export function compare(a: CompanyFacts, b: CompanyFacts): Comparison {
  const name = compareNames(a.name, b.name, a.withoutTown, b.withoutTown)
  const evidence = [
    nameEvidence(a, b, name),
    ...websites(a, b),
    ...phones(a, b),
    ...duns(a, b),
    ...places(a, b),
    ...forms(a, b),
  ]
  return { a, b, name, evidence: withoutSuburbs(evidence).map((each) => ({ ...each, points: pointsOf(each.weight) })) }
}

/** With one street and one telephone, two names of the town are a suburb and its city. */
function withoutSuburbs(evidence: readonly Weighed[]): Weighed[] {
  const isOneHouse = ['street', 'phone'].every((check) => evidence.some((each) => each.check === check && each.agrees))
  return evidence.filter(({ check, agrees }) => agrees || check !== 'city' || !isOneHouse)
}

function nameEvidence(a: CompanyFacts, b: CompanyFacts, name: NameFinding): Weighed {
  return {
    check: 'name',
    agrees: !['different', 'unknown'].includes(name.likeness) && name.conflict === null,
    weight: nameWeight(a, b, name),
    a: a.object === 'Lead' ? 'Company' : 'Name',
    b: b.object === 'Lead' ? 'Company' : 'Name',
  }
}

function nameWeight(a: CompanyFacts, b: CompanyFacts, name: NameFinding): number {
  const { scale, most, least, rare, common, unknownLead } = NAME_WEIGHTS
  if (name.likeness === 'unknown') {
    const blank = [a, b].some(({ object, name: { words } }) => object === 'Lead' && words.length === 0)
    return blank ? unknownLead : 0
  }
  const alike = name.likeness === 'exact' || name.likeness === 'close'
  return Math.min(most, Math.max(least, name.logit * scale)) + (alike ? (name.rare ? rare : common) : 0)
}

export function agrees(comparison: Comparison, ...checks: CheckName[]): boolean {
  return comparison.evidence.some((each) => each.agrees && checks.includes(each.check))
}

export function contradicts(comparison: Comparison, ...checks: CheckName[]): boolean {
  return comparison.evidence.some((each) => !each.agrees && checks.includes(each.check))
}

function duns(a: CompanyFacts, b: CompanyFacts): Weighed[] {
  if (a.duns === null || b.duns === null) return []
  const field = (facts: CompanyFacts) => (facts.object === 'Lead' ? 'CompanyDunsNumber' : 'DunsNumber')
  const same = a.duns === b.duns
  return [
    {
      check: 'D-U-N-S',
      agrees: same,
      weight: same ? agreeing('D-U-N-S') : differing('D-U-N-S'),
      a: field(a),
      b: field(b),
    },
  ]
}

function forms(a: CompanyFacts, b: CompanyFacts): Weighed[] {
  const [x, y] = [a.name.forms, b.name.forms]
  if (x.length === 0 || y.length === 0) return []
  const same = x.some((form) => y.includes(form))
  const field = (facts: CompanyFacts) => (facts.object === 'Lead' ? 'Company' : 'Name')
  return [
    {
      check: 'legal form',
      agrees: same,
      weight: same ? agreeing('legal form') : differing('legal form'),
      a: field(a),
      b: field(b),
    },
  ]
}
