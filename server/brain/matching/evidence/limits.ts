// The most that evidence can prove: reasons why a high score is still no merge.
import { isCongregation, isHousehold } from '../names/opposites.ts'
import type { CompanyFacts } from '../facts/company-facts.ts'
import type { LimitReason } from '../score/weights.ts'
import { agrees, contradicts, type Comparison } from './compare.ts'

export type Band = 'strong' | 'likely' | 'uncertain'

/** A reason, and the highest band it leaves. */
export interface Limit {
  most: Band
  because: LimitReason
}

/** Every limit that holds for a pair. More agreeing evidence lifts limits and never adds one. */
export function limitsOf(comparison: Comparison): Limit[] {
  const { name } = comparison
  const limits: Limit[] = []
  const add = (most: Band, because: Limit['because']): void => void limits.push({ most, because })
  const identity = identityCount(comparison)
  const known = agrees(comparison, 'D-U-N-S')
  if (name.likeness === 'unknown' && !isBlankLead(comparison))
    add(scriptsOnly(comparison) && identity >= 2 ? 'likely' : 'uncertain', 'no name')
  if (name.likeness === 'unknown' && isBlankLead(comparison)) add('likely', 'no name')
  if (name.likeness === 'different') add(isInside(comparison) ? 'likely' : 'uncertain', 'other name')
  if (known) return limits
  if (identity === 0) addWithoutIdentity(comparison, add)
  const elsewhere =
    contradicts(comparison, 'street') || (contradicts(comparison, 'postal code') && !agrees(comparison, 'street'))
  if (contradicts(comparison, 'phone') && elsewhere) add('uncertain', 'phone and street differ')
  if (placesApart(comparison)) add('uncertain', 'another town')
  if (contradicts(comparison, 'unit') && name.likeness !== 'exact') add('uncertain', 'another suite')
  if (isDoubtful(comparison)) add('uncertain', 'word of one name')
  if (name.doubts.includes('structure')) add(identity >= 2 ? 'likely' : 'uncertain', 'group of one name')
  if (name.doubts.includes('form')) add('uncertain', 'another form')
  if (name.doubts.includes('spelling') && contradicts(comparison, 'website')) add('uncertain', 'part of the name')
  if (name.likeness === 'related' || name.likeness === 'acronym') {
    add(identity >= 2 || (identity === 1 && isSupported(comparison)) ? 'likely' : 'uncertain', 'part of the name')
  }
  if (identity === 1 && !agrees(comparison, 'website', 'page') && !isPlaced(comparison)) add('likely', 'phone alone')
  if (identity === 1 && contradicts(comparison, 'phone', 'street', 'postal code')) add('likely', 'address differs')
  if (contradicts(comparison, 'street') && contradicts(comparison, 'postal code')) {
    // Two outlets in one town look like one company that moved.
    const known = agrees(comparison, 'phone') || isOneRecordALead(comparison)
    add(known ? 'likely' : 'uncertain', 'address differs')
  }
  return limits
}

/** A name of common words that is the beginning or the end of the other, at the same street and telephone: `The Palm`. */
const isInside = (comparison: Comparison) =>
  comparison.name.measures.cover >= 0.97 &&
  comparison.name.doubts.length === 0 &&
  agrees(comparison, 'phone') &&
  agrees(comparison, 'street')

function addWithoutIdentity(comparison: Comparison, add: (most: Band, because: Limit['because']) => void): void {
  const { a, b, name } = comparison
  const whole = name.likeness === 'exact' || name.likeness === 'close'
  if (!agrees(comparison, 'city', 'postal code')) return add('uncertain', 'only the name')
  const crowd = [a, b].some(({ name: { tokens } }) => isHousehold(tokens) || isCongregation(tokens))
  const against = contradicts(comparison, 'website', 'phone', 'street', 'postal code')
  const rare = name.likeness === 'exact' && name.rare && !crowd && !against
  const placed = agrees(comparison, 'postal code', 'state')
  if (crowd) add('uncertain', 'many have the name')
  add(whole && rare && placed ? 'likely' : 'uncertain', 'name and town alone')
}

/** Number of agreeing facts that belong to one company only. */
function identityCount(comparison: Comparison): number {
  const found = [agrees(comparison, 'website', 'page'), agrees(comparison, 'phone'), agrees(comparison, 'street')]
  return found.filter(Boolean).length
}

const isPlaced = (comparison: Comparison) => agrees(comparison, 'city') && agrees(comparison, 'postal code', 'state')

/** One identifying fact beside a part of the name: a lead, or the same place and nothing against it. */
function isSupported(comparison: Comparison): boolean {
  if (isOneRecordALead(comparison) || isPlaced(comparison)) return true
  return (
    agrees(comparison, 'city', 'postal code') && !contradicts(comparison, 'website', 'phone', 'street', 'postal code')
  )
}

const isOneRecordALead = ({ a, b }: Comparison) => a.object === 'Lead' || b.object === 'Lead'

/** A lead whose company is not known is judged by its domain. */
const isBlankLead = ({ a, b }: Comparison) =>
  [a, b].some(({ object, name }) => object === 'Lead' && name.words.length === 0) &&
  [a, b].some(({ name }) => name.words.length > 0)

const scriptsOnly = ({ a, b }: Comparison) => a.name.words.length > 0 && b.name.words.length > 0

/** Two accounts in two towns may be two offices; a lead's address is weak evidence of the company's seat. */
function placesApart(comparison: Comparison): boolean {
  if (isOneRecordALead(comparison)) return false
  if (agrees(comparison, 'street') || agrees(comparison, 'postal code')) return false
  return contradicts(comparison, 'city') || (contradicts(comparison, 'state') && !agrees(comparison, 'city'))
}

/** A number, side, place or sister's word that only one name has; its address may explain a place. */
function isDoubtful({ a, b, name }: Comparison): boolean {
  return name.doubts.some((doubt) => {
    if (doubt === 'structure' || doubt === 'form' || doubt === 'spelling') return false
    return doubt !== 'place' || !placeExplained(a, b)
  })
}

function placeExplained(a: CompanyFacts, b: CompanyFacts): boolean {
  const [named, other] = a.name.countries.length > 0 ? [a, b] : [b, a]
  return (
    named.name.countries.length > 0 &&
    named.name.regions.length === 0 &&
    other.address.country !== null &&
    named.name.countries.includes(other.address.country)
  )
}
