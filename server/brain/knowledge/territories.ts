import { z } from 'zod'
import { parseDocument, rowsOf } from './document.ts'

const Row = z.object({
  Country: z.string().regex(/^([A-Z]{2}|\*)$/, 'a two-letter country code or *'),
  States: z.string(),
  Territory: z.string().min(1),
  Owner: z.string().regex(/^(\S+@\S+)?$/, 'a username, or nothing to leave the owner as it is'),
})

export interface TerritoryRule {
  country: string
  /** State codes; empty means the whole country. */
  states: string[]
  territory: string
  /** Username of the owner; null keeps the present owner. */
  owner: string | null
}

export const TERRITORIES = 'Territories'

/** The table of `territory-rules`, in its order. Throws InvalidInput with line numbers. */
export function territoryRules(source: string): TerritoryRule[] {
  return rowsOf(parseDocument(source), TERRITORIES, Row).map((row) => ({
    country: row.Country,
    states: row.States.split(/[\s,]+/).filter((state) => state !== '' && state !== 'all'),
    territory: row.Territory,
    owner: row.Owner === '' ? null : row.Owner,
  }))
}

/** First rule that covers the place; null when none does. */
export function territoryOf(
  place: { country: string | null; state: string | null },
  rules: readonly TerritoryRule[],
): TerritoryRule | null {
  if (place.country === null) return null
  const covers = (rule: TerritoryRule) =>
    (rule.country === '*' || rule.country === place.country) &&
    (rule.states.length === 0 || (place.state !== null && rule.states.includes(place.state)))
  return rules.find(covers) ?? null
}

/** Every username the table names, once, in order. */
export function ownersNamed(rules: readonly TerritoryRule[]): string[] {
  return [...new Set(rules.flatMap(({ owner }) => (owner === null ? [] : [owner])))]
}
