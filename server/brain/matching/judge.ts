// Judges whether two records are one company: rules over evidence, strongest first; never a sum of points, never a name alone.
import { agrees, compare, contradicts, points, type Comparison } from './compare.ts'
import type { CompanyFacts } from './facts.ts'
import type { Difference } from './difference.ts'
import { countriesApart, hierarchyApart, outletApart } from './look-alikes.ts'

export type Band = 'strong' | 'likely' | 'uncertain'

export type Judgement =
  | { verdict: 'same'; band: Band; comparison: Comparison; points: number }
  | { verdict: 'different'; why: Difference; comparison: Comparison; points: number }
  | { verdict: 'unrelated'; comparison: Comparison; points: number }

/** Judges two records. Symmetric: swapping them swaps only `a` and `b`. */
export function judge(a: CompanyFacts, b: CompanyFacts): Judgement {
  const comparison = compare(a, b)
  const about = { comparison, points: points(comparison) }
  const why = differenceOf(comparison)
  if (why) return { verdict: 'different', why, ...about }
  const band = bandOf(comparison)
  return band ? { verdict: 'same', band, ...about } : { verdict: 'unrelated', ...about }
}

function differenceOf(comparison: Comparison): Difference | null {
  const { a, b, name } = comparison
  const alike = name !== 'different' || agrees(comparison, 'website', 'phone', 'D-U-N-S')
  if (!alike) return null
  if (a.personAccount !== b.personAccount) return { code: 'person-account' }
  const apart = hierarchyApart(comparison) ?? countriesApart(comparison) ?? outletApart(comparison)
  if (apart) return apart
  if (name === 'different' && agrees(comparison, 'website') && !agrees(comparison, 'D-U-N-S')) {
    return { code: 'shared-website' }
  }
  return isElsewhere(comparison) ? { code: 'elsewhere' } : null
}

/** A matching name, no identifying evidence, and two contradictions. */
function isElsewhere(comparison: Comparison): boolean {
  if (comparison.name === 'different' || agrees(comparison, 'website', 'phone', 'street', 'D-U-N-S')) return false
  const against = [
    contradicts(comparison, 'website'),
    contradicts(comparison, 'phone'),
    contradicts(comparison, 'city', 'state'),
    contradicts(comparison, 'D-U-N-S'),
  ]
  return against.filter(Boolean).length >= 2
}

function bandOf(comparison: Comparison): Band | null {
  const { name } = comparison
  const identity = identityCount(comparison)
  const place = agrees(comparison, 'city') && agrees(comparison, 'postal code', 'state')
  const against = contradicts(comparison, 'D-U-N-S') || contradictionsOfPlace(comparison) >= 2
  if (name === 'exact' || name === 'close') {
    const known = structureDiffers(comparison) ? 'likely' : 'strong'
    if (agrees(comparison, 'D-U-N-S')) return known
    if (identity >= 2 || (identity === 1 && place)) return against ? 'likely' : known
    if (against || (structureDiffers(comparison) && identity < 2)) return 'uncertain'
    if (agrees(comparison, 'website') && name === 'exact') return contradictionsOfPlace(comparison) ? 'likely' : known
    return identity === 1 || (place && !contradicts(comparison, 'website')) ? 'likely' : 'uncertain'
  }
  if (name === 'acronym' || name === 'related') {
    if (identity >= 2 || (identity === 1 && place)) return against ? 'uncertain' : 'likely'
    return identity === 1 ? 'uncertain' : null
  }
  return identity >= 2 ? 'uncertain' : null
}

/** Number of agreeing facts that belong to one company only. */
function identityCount(comparison: Comparison): number {
  const found = [agrees(comparison, 'website'), agrees(comparison, 'phone'), agrees(comparison, 'street')]
  return found.filter(Boolean).length
}

/** Two accounts in two towns may be two offices; a lead's address is weak evidence of the company's seat. */
function contradictionsOfPlace(comparison: Comparison): number {
  if (comparison.a.object === 'Lead' || comparison.b.object === 'Lead') return 0
  return [contradicts(comparison, 'city'), contradicts(comparison, 'phone'), contradicts(comparison, 'state')].filter(
    Boolean,
  ).length
}

/** `Acme Group` and `Acme` may be one company or a group and its member. */
function structureDiffers({ a, b }: Comparison): boolean {
  return (
    a.name.structure.join(' ') !== b.name.structure.join(' ') || a.name.regions.join(' ') !== b.name.regions.join(' ')
  )
}
