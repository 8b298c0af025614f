import type { CompanyFacts } from './facts.ts'
import { likeness, type NameLikeness } from './similar-name.ts'
import { domainLabel } from './domain.ts'

type CheckName =
  'name' | 'website' | 'shared website' | 'phone' | 'street' | 'postal code' | 'city' | 'state' | 'country' | 'D-U-N-S'

/** One piece of evidence from two records: for or against the same company, with its fields. */
export interface Evidence {
  check: CheckName
  agrees: boolean
  /** Weight for ranking candidates; the verdict is no sum of points. */
  points: number
  a: string
  b: string
}

export interface Comparison {
  a: CompanyFacts
  b: CompanyFacts
  name: NameLikeness
  evidence: Evidence[]
}

const NAME_POINTS: Record<NameLikeness, number> = { exact: 40, close: 30, acronym: 15, related: 10, different: -30 }

/** Compares two records field by field; a field blank in either is no evidence. Swapping the two swaps `a` and `b` only. */
export function compare(a: CompanyFacts, b: CompanyFacts): Comparison {
  const name = likeness(a.name, b.name)
  const nameEvidence: Evidence = {
    check: 'name',
    agrees: name !== 'different',
    points: NAME_POINTS[name],
    a: a.object === 'Lead' ? 'Company' : 'Name',
    b: b.object === 'Lead' ? 'Company' : 'Name',
  }
  return { a, b, name, evidence: [nameEvidence, ...websites(a, b), ...phones(a, b), ...duns(a, b), ...places(a, b)] }
}

export function agrees(comparison: Comparison, ...checks: CheckName[]): boolean {
  return comparison.evidence.some((each) => each.agrees && checks.includes(each.check))
}

export function contradicts(comparison: Comparison, ...checks: CheckName[]): boolean {
  return comparison.evidence.some((each) => !each.agrees && checks.includes(each.check))
}

export function points(comparison: Comparison): number {
  return comparison.evidence.reduce((sum, each) => sum + each.points, 0)
}

function websites(a: CompanyFacts, b: CompanyFacts): Evidence[] {
  const [x, y] = meeting(a.domains, b.domains, (each) => each.domain) ?? []
  if (x && y) return [{ check: 'website', agrees: true, points: 30, a: x.field, b: y.field }]
  const [p, q] = meeting(a.sharedDomains, b.sharedDomains, (each) => each.domain) ?? []
  if (p && q) return [{ check: 'shared website', agrees: true, points: 0, a: p.field, b: q.field }]
  const [first, second] = [a.domains[0], b.domains[0]]
  if (!first || !second) return []
  const sameBrand = a.domains.some((left) => b.domains.some((right) => label(left) === label(right)))
  return sameBrand ? [] : [{ check: 'website', agrees: false, points: -15, a: first.field, b: second.field }]
}

const label = ({ domain }: { domain: string }) => domainLabel(domain)

function phones(a: CompanyFacts, b: CompanyFacts): Evidence[] {
  const [x, y] = meeting(a.phones, b.phones, (each) => each.number) ?? []
  if (x && y) return [{ check: 'phone', agrees: true, points: 20, a: x.field, b: y.field }]
  const [first, second] = [a.phones[0], b.phones[0]]
  return first && second ? [{ check: 'phone', agrees: false, points: -5, a: first.field, b: second.field }] : []
}

function duns(a: CompanyFacts, b: CompanyFacts): Evidence[] {
  if (a.duns === null || b.duns === null) return []
  const field = (facts: CompanyFacts) => (facts.object === 'Lead' ? 'CompanyDunsNumber' : 'DunsNumber')
  const same = a.duns === b.duns
  return [{ check: 'D-U-N-S', agrees: same, points: same ? 50 : -40, a: field(a), b: field(b) }]
}

const PLACES = [
  { check: 'street', part: 'street', field: 'Street', agree: 20, differ: -5 },
  { check: 'postal code', part: 'postal', field: 'PostalCode', agree: 10, differ: -5 },
  { check: 'city', part: 'city', field: 'City', agree: 10, differ: -10 },
  { check: 'state', part: 'state', field: 'State', agree: 5, differ: -5 },
  { check: 'country', part: 'country', field: 'Country', agree: 5, differ: -30 },
] as const

function places(a: CompanyFacts, b: CompanyFacts): Evidence[] {
  return PLACES.flatMap(({ check, part, field, agree, differ }): Evidence[] => {
    const [x, y] = [a.address[part], b.address[part]]
    if (x === null || y === null) return []
    const name = (facts: CompanyFacts) => (facts.object === 'Lead' ? field : `Billing${field}`)
    return [{ check, agrees: x === y, points: x === y ? agree : differ, a: name(a), b: name(b) }]
  })
}

function meeting<T>(a: readonly T[], b: readonly T[], key: (each: T) => string): [T, T] | undefined {
  for (const x of a) {
    const y = b.find((each) => key(each) === key(x))
    if (y) return [x, y]
  }
  return undefined
}
