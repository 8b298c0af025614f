// Evidence for and against one person, from two contacts or leads.
import data from '../data/person-evidence-weights.json' with { type: 'json' }
import { meeting } from '../evidence/meeting.ts'
import { compareNames } from '../names/name-likeness.ts'
import { isCallCentreNumber } from '../normal-forms/phone.ts'
import { pointsOf } from '../score/weights.ts'
import type { PersonFacts } from './person-facts.ts'
import { comparePersonNames, type PersonNameFinding } from './person-name-likeness.ts'

export type PersonCheck = 'name' | keyof typeof data.agrees

/** One piece of evidence from two records: for or against the same person, with its fields. */
interface PersonEvidence {
  check: PersonCheck
  agrees: boolean
  weight: number
  /** Tenths of log odds; they add up to the score. */
  points: number
  a: string
  b: string
}

export interface PersonComparison {
  a: PersonFacts
  b: PersonFacts
  name: PersonNameFinding
  evidence: PersonEvidence[]
}

export const PERSON_PRIOR = data.prior
/** Least log odds of each band. */
export const PERSON_BANDS = data.bands

type Found = Omit<PersonEvidence, 'weight' | 'points'>

/** Compares two records field by field; a field blank in either is no evidence. Swapping the two swaps `a` and `b` only. */
export function comparePeople(a: PersonFacts, b: PersonFacts): PersonComparison {
  const name = comparePersonNames(a.name, b.name)
  const agrees = !['different', 'unknown'].includes(name.likeness) && name.conflict === null
  const weight = nameWeight(name)
  const found: Found[] = [...mail(a, b), ...phones(a, b), ...companies(a, b), ...places(a, b), ...births(a, b)]
  return {
    a,
    b,
    name,
    evidence: [
      { check: 'name', agrees, weight, points: pointsOf(weight), a: 'Name', b: 'Name' },
      ...found.map((each) => {
        const own = weightOf(each)
        return { ...each, weight: own, points: pointsOf(own) }
      }),
    ],
  }
}

function nameWeight({ likeness, logit, conflict, rare }: PersonNameFinding): number {
  const { scale, most, least, rare: bonus } = data.name
  const scaled = Math.min(most, Math.max(least, logit * scale))
  if (conflict !== null || likeness === 'unknown' || likeness === 'different') return scaled
  // An initial or one name says little, and nothing against.
  if (likeness === 'initials' || likeness === 'partial') return Math.max(0, scaled)
  return scaled + (rare ? bonus : 0)
}

const weightOf = ({ check, agrees }: Found): number => {
  const weights: Record<string, number> = agrees ? data.agrees : data.differs
  return weights[check] ?? 0
}

function mail(a: PersonFacts, b: PersonFacts): Found[] {
  const [x, y] = meeting(a.mailboxes, b.mailboxes, ({ address }) => address) ?? []
  if (x && y) return [{ check: x.isRole ? 'shared mailbox' : 'mailbox', agrees: true, a: x.field, b: y.field }]
  const found: Found[] = []
  const [p, q] = meeting(ownUsers(a), ownUsers(b), ({ user }) => user) ?? []
  if (p && q) found.push({ check: 'mail user', agrees: true, a: p.field, b: q.field })
  const atCompany = (facts: PersonFacts) => facts.mailboxes.filter(({ domain }) => domain !== null)
  const [r, s] = meeting(atCompany(a), atCompany(b), ({ domain }) => domain ?? '') ?? []
  if (!r || !s) return found
  found.push({ check: 'mail domain', agrees: true, a: r.field, b: s.field })
  // Two mailboxes at one company are two people, or one person with a new address.
  if (!p && !r.isRole && !s.isRole) found.push({ check: 'mailbox', agrees: false, a: r.field, b: s.field })
  return found
}

/** Mailboxes whose user is more than the person's name, which the name has already said. */
function ownUsers({ mailboxes, name }: PersonFacts): PersonFacts['mailboxes'] {
  const words = name.words.map(({ plain }) => plain).sort((x, y) => y.length - x.length)
  return mailboxes.filter(({ user, isRole }) => {
    const rest = words.reduce((text, word) => text.replace(word, ''), user)
    return !isRole && user.length >= 5 && rest.length >= 3
  })
}

function phones(a: PersonFacts, b: PersonFacts): Found[] {
  const [x, y] = meeting(a.phones, b.phones, ({ number }) => number) ?? []
  if (x && y) {
    const check = isCallCentreNumber(x.number) ? 'shared phone' : x.isMobile || y.isMobile ? 'mobile' : 'phone'
    return [{ check, agrees: true, a: x.field, b: y.field }]
  }
  const mobile = (facts: PersonFacts) => facts.phones.find(({ isMobile }) => isMobile)
  const [p, q] = [mobile(a), mobile(b)]
  return p && q ? [{ check: 'mobile', agrees: false, a: p.field, b: q.field }] : []
}

function companies(a: PersonFacts, b: PersonFacts): Found[] {
  const field = (facts: PersonFacts) => (facts.object === 'Lead' ? 'Company' : 'Account.Name')
  const about = { check: 'company' as const, a: field(a), b: field(b) }
  if (a.accountId !== null && a.accountId === b.accountId) return [{ ...about, agrees: true }]
  const { likeness, conflict } = compareNames(a.company, b.company)
  if (likeness === 'unknown') return []
  const same = conflict === null && (likeness === 'exact' || likeness === 'close' || likeness === 'acronym')
  return likeness === 'related' && conflict === null ? [] : [{ ...about, agrees: same }]
}

function places(a: PersonFacts, b: PersonFacts): Found[] {
  const field = (facts: PersonFacts, part: string) => (facts.object === 'Lead' ? part : `Mailing${part}`)
  const parts = [
    ['street', 'street', 'Street'],
    ['postal code', 'postal', 'PostalCode'],
    ['city', 'city', 'City'],
    ['country', 'country', 'Country'],
  ] as const
  return parts.flatMap(([check, part, name]): Found[] => {
    const [x, y] = [a.address[part], b.address[part]]
    if (x === null || y === null) return []
    return [{ check, agrees: x === y, a: field(a, name), b: field(b, name) }]
  })
}

function births(a: PersonFacts, b: PersonFacts): Found[] {
  if (a.birthdate === null || b.birthdate === null) return []
  return [{ check: 'birthdate', agrees: a.birthdate === b.birthdate, a: 'Birthdate', b: 'Birthdate' }]
}
