// Addresses of two records.
import type { CompanyFacts } from '../facts/company-facts.ts'
import { streetParts } from '../normal-forms/address.ts'
import { scriptOf } from '../normal-forms/text.ts'
import { soundLikeness, typingLikeness } from '../names/typing-errors.ts'
import { agreeing, differing } from '../score/weights.ts'
import type { Weighed } from './evidence.ts'

type PlaceCheck = 'street' | 'unit' | 'postal code' | 'city' | 'state' | 'country'
type PlacePart = 'street' | 'unit' | 'postal' | 'city' | 'state' | 'country'
type SamePart = (x: string, y: string) => boolean | null

const PARTS: { check: PlaceCheck; part: PlacePart; field: string; same: SamePart }[] = [
  { check: 'street', part: 'street', field: 'Street', same: sameStreet },
  { check: 'unit', part: 'unit', field: 'Street', same: sameUnit },
  { check: 'postal code', part: 'postal', field: 'PostalCode', same: samePostal },
  { check: 'city', part: 'city', field: 'City', same: sameTown },
  { check: 'state', part: 'state', field: 'State', same: sameState },
  { check: 'country', part: 'country', field: 'Country', same: (x, y) => x === y },
]

/** Agreement of each part of the address; a part that proves nothing either way is left out. */
export function places(a: CompanyFacts, b: CompanyFacts): Weighed[] {
  const found = PARTS.flatMap(({ check, part, field, same }): Weighed[] => {
    const [x, y] = [a.address[part], b.address[part]]
    if (x === null || y === null) return []
    const agrees = same(x, y)
    if (agrees === null) return []
    // A country that was taken from a state supports and never contradicts.
    if (check === 'country' && !agrees && !(a.address.countryGiven && b.address.countryGiven)) return []
    const name = (facts: CompanyFacts) => (facts.object === 'Lead' ? field : `Billing${field}`)
    return [{ check, agrees, weight: agrees ? agreeing(check) : differing(check), a: name(a), b: name(b) }]
  })
  const agreed = new Set(found.filter((each) => each.agrees).map(({ check }) => check))
  return found.filter(({ check, agrees }) => {
    // A suite says something only in one house.
    if (check === 'unit') return agreed.has('street')
    // A suburb and its town, a state under two names: street and postal code know better.
    if (!agrees && (check === 'city' || check === 'state'))
      return !(agreed.has('street') && (agreed.has('postal code') || check === 'state'))
    return true
  })
}

function sameStreet(x: string, y: string): boolean | null {
  if (x === y) return true
  const [p, q] = [streetParts(x), streetParts(y)]
  const names = alikeWords(p.name, q.name)
  if (p.number === null || q.number === null) return names && p.number === q.number ? true : names ? null : false
  if (p.number !== q.number) return false
  if (!names || apart(p.directions, q.directions)) return false
  return apart(p.types, q.types) ? null : true
}

/** One list within the other, letter by letter or nearly. */
function alikeWords(x: readonly string[], y: readonly string[]): boolean {
  const [short, long] = x.length <= y.length ? [x, y] : [y, x]
  if (short.length === 0) return long.length === 0
  if (x.join('') === y.join('')) return true
  return short.every((word) =>
    long.some((other) => word === other || typingLikeness(word, other) >= 0.75 || soundLikeness(word, other) >= 0.95),
  )
}

const apart = (x: readonly string[], y: readonly string[]) =>
  x.length > 0 && y.length > 0 && !x.some((each) => y.includes(each))

function sameUnit(x: string, y: string): boolean | null {
  const numbers = (text: string) => text.match(/\d+[a-z]?|\b[a-z]\b/g) ?? []
  const [p, q] = [numbers(x), numbers(y)]
  if (p.length === 0 || q.length === 0) return null
  return p.some((each) => (q as string[]).includes(each))
}

function samePostal(x: string, y: string): boolean {
  return x === y || (x.length >= 5 && y.length >= 5 && (x.startsWith(y) || y.startsWith(x)))
}

function sameTown(x: string, y: string): boolean | null {
  if (x === y || x.replaceAll(' ', '') === y.replaceAll(' ', '')) return true
  if (scriptOf(x) !== scriptOf(y)) return soundLikeness(x, y) > 0.9 ? true : null
  if (typingLikeness(x, y) >= 0.85) return true
  const [short, long] = x.length <= y.length ? [x, y] : [y, x]
  return long.split(' ').length > short.split(' ').length &&
    (long.startsWith(`${short} `) || long.endsWith(` ${short}`))
    ? null
    : false
}

function sameState(x: string, y: string): boolean | null {
  if (x === y) return true
  const [p, q] = [x.toLowerCase(), y.toLowerCase()]
  if (p === q) return true
  // A code and a name that no table joins may be one.
  if (isCode(p) !== isCode(q) || scriptOf(p) !== scriptOf(q)) return null
  if (typingLikeness(p, q) >= 0.85) return true
  return p.split(' ').some((word) => word.length > 3 && q.split(' ').includes(word)) ? null : false
}

const isCode = (state: string): boolean => state.length <= 3
