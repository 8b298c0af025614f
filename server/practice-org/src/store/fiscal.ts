// The org's fiscal year, as its own row says.
import type { Catalog } from '../schema/catalog.ts'
import type { Calendar } from '../schema/dates.ts'
import type { Store } from './store.ts'

export type FiscalYear = Pick<Calendar, 'fiscalStart' | 'fiscalByStart'>

export function fiscalYear(store: Store, catalog: Catalog): FiscalYear {
  const [id] = store.select('SELECT "Id" FROM "Organization" LIMIT 1', [])[0] ?? []
  const org = store.row(catalog.get('Organization'), String(id))
  return {
    fiscalStart: Number(org?.['FiscalYearStartMonth'] ?? 1),
    fiscalByStart: org?.['UsesStartDateAsFiscalYearName'] === 1,
  }
}

/** The fiscal year and quarter of a date (`YYYY-MM-DD`); a year bears the name of the calendar year it begins or ends in. */
export function fiscalPeriod(
  date: string,
  { fiscalStart, fiscalByStart }: FiscalYear,
): { year: number; quarter: number } {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))]
  const begins = fiscalByStart || fiscalStart === 1
  return {
    year: begins ? year - Number(month < fiscalStart) : year + Number(month >= fiscalStart),
    quarter: Math.floor(((month - fiscalStart + 12) % 12) / 3) + 1,
  }
}
