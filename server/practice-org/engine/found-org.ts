// The rows a new org starts with: its people and its own choices.
import { choiceRows } from './choices.ts'
import { type Currency, currencyRows } from './currencies.ts'
import type { Core } from './core.ts'
import { loadInOne } from './load.ts'
import { peopleRows } from './people.ts'
import { setupRows } from './setup-rows.ts'

/** Fills an empty org; `userId` stands as the creator of what nobody created. */
export function foundOrg(core: Core, userId: string, currencies: Currency[]): void {
  const { catalog, orgId } = core
  const rows = [...setupRows(catalog), ...peopleRows(catalog, orgId), ...choiceRows(catalog)]
  if (currencies.length) rows.push(['CurrencyType', currencyRows(currencies)])
  loadInOne(core, rows, userId)
}
