// Similar records that are different companies: parents and subsidiaries, sisters abroad, outlets of a brand.
import franchises from './data/franchises.json' with { type: 'json' }
import { agrees, contradicts, type Comparison } from './compare.ts'
import type { CompanyFacts } from './facts.ts'
import type { Difference } from './difference.ts'

const HOLDING = new Set(['holding', 'holdings', 'beteiligung', 'beteiligungs', 'parent'])
const BRANDS = new Set(franchises.brands)

export function hierarchyApart({ a, b, name }: Comparison): Difference | null {
  if (a.parentId !== null && a.parentId === b.id) return { code: 'parent', parent: b.id }
  if (b.parentId !== null && b.parentId === a.id) return { code: 'parent', parent: a.id }
  if (name === 'different') return null
  const [x, y] = [holdingWord(a), holdingWord(b)]
  if ((x === null) !== (y === null)) return { code: 'holding', word: x ?? y ?? '' }
  const sisters = a.parentId !== null && a.parentId === b.parentId && name !== 'exact'
  return sisters ? { code: 'siblings', parent: a.parentId ?? '' } : null
}

const holdingWord = (facts: CompanyFacts) => facts.name.structure.find((word) => HOLDING.has(word)) ?? null

/** The same name in another country is another company, even with a shared website. */
export function countriesApart(comparison: Comparison): Difference | null {
  const { a, b, name } = comparison
  if (name === 'different' || agrees(comparison, 'D-U-N-S')) return null
  const [x, y] = [countriesOf(a), countriesOf(b)]
  const [left, right] = [x[0], y[0]]
  if (left === undefined || right === undefined || x.some((code) => y.includes(code))) return null
  return { code: 'country', a: left, b: right }
}

/** Country of a company: from its name, else its address, else its legal form. */
function countriesOf(facts: CompanyFacts): string[] {
  if (facts.name.countries.length > 0) return facts.name.countries
  if (facts.address.country !== null) return [facts.address.country]
  return facts.name.formCountries
}

/** Two outlets of one brand are two companies unless they are at one address. */
export function outletApart(comparison: Comparison): Difference | null {
  const { a, b, name } = comparison
  if (agrees(comparison, 'street', 'D-U-N-S')) return null
  if (name !== 'different' && a.site !== b.site && contradicts(comparison, 'city')) return { code: 'franchise' }
  const brand = brandOf(a)
  if (brand === null || brand !== brandOf(b)) return null
  const known = name !== 'different' && agrees(comparison, 'phone') && !contradicts(comparison, 'city')
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
