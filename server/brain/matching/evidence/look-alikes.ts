// Similar records that are different companies: parents and subsidiaries, sisters abroad, outlets of a brand, siblings.
import franchises from '../data/franchises.json' with { type: 'json' }
import type { CompanyFacts } from '../facts/company-facts.ts'
import { agrees, contradicts, type Comparison } from './compare.ts'
import type { Difference } from './difference.ts'

const HOLDING = new Set(['holding', 'holdings', 'beteiligung', 'beteiligungs', 'parent'])
const BRANDS = new Set(franchises.brands)

/** Why two similar records are two companies; null when nothing says so. */
export function differenceOf(comparison: Comparison): Difference | null {
  const { a, b, name } = comparison
  const alike = isAlike(comparison)
  if (!alike && !agrees(comparison, 'website', 'page', 'phone', 'D-U-N-S') && name.conflict === null) return null
  if (a.personAccount !== b.personAccount) return { code: 'person-account' }
  if (contradicts(comparison, 'D-U-N-S')) return { code: 'duns' }
  const apart =
    hierarchyApart(comparison) ?? namesApart(comparison) ?? countriesApart(comparison) ?? outletApart(comparison)
  if (apart) return apart
  const onlyWebsite = !agrees(comparison, 'phone', 'street', 'D-U-N-S') && agrees(comparison, 'website')
  if (name.likeness === 'different' && onlyWebsite) return { code: 'shared-website' }
  return isElsewhere(comparison) ? { code: 'elsewhere' } : null
}

const isAlike = ({ name }: Comparison) => name.likeness !== 'different' && name.likeness !== 'unknown'

function hierarchyApart(comparison: Comparison): Difference | null {
  const { a, b } = comparison
  if (a.parentId !== null && a.parentId === b.id) return { code: 'parent', parent: b.id }
  if (b.parentId !== null && b.parentId === a.id) return { code: 'parent', parent: a.id }
  if (!isAlike(comparison)) return null
  const [x, y] = [holdingWord(a), holdingWord(b)]
  if ((x === null) !== (y === null)) return { code: 'holding', word: x ?? y ?? '' }
  const sisters = a.parentId !== null && a.parentId === b.parentId && comparison.name.likeness !== 'exact'
  return sisters ? { code: 'siblings', parent: a.parentId ?? '' } : null
}

const holdingWord = (facts: CompanyFacts) => facts.name.structure.find((word) => HOLDING.has(word)) ?? null

/** Numbers, letters, opposites, places and bodies in the names. */
function namesApart(comparison: Comparison): Difference | null {
  const { conflict } = comparison.name
  if (conflict === null || agrees(comparison, 'D-U-N-S')) return null
  if (conflict.code === 'body') return { code: 'body', word: conflict.word }
  if (conflict.code === 'place') return null
  return { code: 'siblings-by-name', a: conflict.a, b: conflict.b }
}

/** The same name in another country is another company, even with a shared website. A legal form or a state says no country. */
function countriesApart(comparison: Comparison): Difference | null {
  const { a, b, name } = comparison
  if (!isAlike(comparison) || agrees(comparison, 'D-U-N-S')) return null
  const [x, y] = [countriesOf(a), countriesOf(b)]
  const [left, right] = [x[0], y[0]]
  if (left !== undefined && right !== undefined && !x.some((code) => y.includes(code)))
    return { code: 'country', a: left, b: right }
  return name.conflict?.code === 'place' ? { code: 'siblings-by-name', a: name.conflict.a, b: name.conflict.b } : null
}

/** Country of a company: from its name, else from its address. */
function countriesOf(facts: CompanyFacts): string[] {
  if (facts.name.countries.length > 0) return facts.name.countries
  return facts.address.country !== null && facts.address.countryGiven ? [facts.address.country] : []
}

/** Two outlets of one brand are two companies unless they are at one address. */
function outletApart(comparison: Comparison): Difference | null {
  const { a, b } = comparison
  if (agrees(comparison, 'street', 'D-U-N-S')) return null
  if (isAlike(comparison) && a.site !== b.site && contradicts(comparison, 'city')) return { code: 'franchise' }
  const brand = brandOf(a)
  if (brand === null || brand !== brandOf(b)) return null
  const known = isAlike(comparison) && agrees(comparison, 'phone') && !contradicts(comparison, 'city')
  return known ? null : { code: 'franchise' }
}

/** The franchise brand a name starts with. */
function brandOf(facts: CompanyFacts): string | null {
  const { tokens } = facts.name
  for (let length = tokens.length; length > 0; length--) {
    const start = tokens.slice(0, length).join(' ')
    if (BRANDS.has(start)) return start
  }
  return null
}

/** A matching name, no identifying evidence, and two contradictions. */
function isElsewhere(comparison: Comparison): boolean {
  if (!isAlike(comparison) || agrees(comparison, 'website', 'page', 'phone', 'street', 'D-U-N-S')) return false
  const against = [
    contradicts(comparison, 'website'),
    contradicts(comparison, 'phone'),
    contradicts(comparison, 'city', 'state'),
    contradicts(comparison, 'street'),
  ]
  return against.filter(Boolean).length >= 2
}
