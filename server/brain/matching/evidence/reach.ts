// Websites and telephones of two records.
import type { CompanyFacts } from '../facts/company-facts.ts'
import { domainLabel } from '../normal-forms/domain.ts'
import { isCallCentreNumber } from '../normal-forms/phone.ts'
import { agreeing, differing } from '../score/weights.ts'
import type { Weighed } from './evidence.ts'
import { meeting } from './meeting.ts'

export function websites(a: CompanyFacts, b: CompanyFacts): Weighed[] {
  const [x, y] = meeting(a.domains, b.domains, ({ domain }) => withoutCode(domain)) ?? []
  if (x && y) {
    const evidence: Weighed = { check: 'website', agrees: true, weight: agreeing('website'), a: x.field, b: y.field }
    return [
      x.section === y.section
        ? evidence
        : { ...evidence, kind: 'website section', weight: agreeing('website section') },
    ]
  }
  const [r, s] = meeting(a.pages, b.pages, ({ page }) => page) ?? []
  if (r && s) return [{ check: 'page', agrees: true, weight: agreeing('page'), a: r.field, b: s.field }]
  const [p, q] = meeting(a.sharedDomains, b.sharedDomains, ({ domain }) => domain) ?? []
  if (p && q)
    return [{ check: 'shared website', agrees: true, weight: agreeing('shared website'), a: p.field, b: q.field }]
  const [first, second] = [a.domains[0], b.domains[0]]
  if (!first || !second) return []
  const sameBrand = a.domains.some((left) =>
    b.domains.some((right) => domainLabel(left.domain) === domainLabel(right.domain)),
  )
  return sameBrand
    ? []
    : [{ check: 'website', agrees: false, weight: differing('website'), a: first.field, b: second.field }]
}

/** Punycode without the digits after its plain letters, which are often mistyped. */
const withoutCode = (domain: string) => domain.replace(/^(xn--.*)-[a-z0-9]+(?=\.)/, '$1')

export function phones(a: CompanyFacts, b: CompanyFacts): Weighed[] {
  const [x, y] = meeting(a.phones, b.phones, ({ number }) => number) ?? []
  if (x && y) {
    const evidence: Weighed = { check: 'phone', agrees: true, weight: agreeing('phone'), a: x.field, b: y.field }
    return [
      isCallCentreNumber(x.number) ? { ...evidence, kind: 'call centre', weight: agreeing('call centre') } : evidence,
    ]
  }
  const [p, q] = meeting(a.phones, b.phones, ({ number }) => localNumber(number)) ?? []
  if (p && q)
    return [
      { check: 'phone', kind: 'local number', agrees: true, weight: agreeing('local number'), a: p.field, b: q.field },
    ]
  const [first, second] = [a.phones[0], b.phones[0]]
  return first && second
    ? [{ check: 'phone', agrees: false, weight: differing('phone'), a: first.field, b: second.field }]
    : []
}

/** North American numbers without area code, which towns change; others whole. */
const localNumber = (e164: string) =>
  /^\+1\d{10}$/.test(e164) && !isCallCentreNumber(e164) ? `+1 ${e164.slice(-7)}` : e164
