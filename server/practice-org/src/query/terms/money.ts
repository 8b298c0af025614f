// Amounts in an org of several currencies: in which one a row's is, and what it is in another.
import { malformed } from './context.ts'
import type { Operand } from './comparison.ts'
import { localeOf } from './locale.ts'
import type { Scope } from './scope.ts'

/** Objects whose amounts are converted by the rate of a day of theirs once rates are dated [soqlref]. */
const DATED: Record<string, string> = { Opportunity: 'CloseDate', OpportunityHistory: 'CloseDate' }

const isoCode = (code: string): string => `'${code.replaceAll("'", "''")}'`

/** The SQL of the code of an amount's currency; undefined where there is but one currency, or no amount. */
export function currencyOf(scope: Scope, operand: Operand): string | undefined {
  if (operand.code) return operand.code
  const several = scope.context.catalog.find('CurrencyType') !== undefined
  return several && operand.field.type === 'currency' ? `${rowOf(operand)}."CurrencyIsoCode"` : undefined
}

const rowOf = ({ sql }: Operand): string => sql.slice(0, sql.indexOf('.'))

/** Units of a currency for one of the corporate currency, on the row's day where its object has one. */
function rateOf(scope: Scope, code: string, operand?: Operand): string {
  const fixed = `(SELECT "ConversionRate" FROM "CurrencyType" WHERE "IsoCode" = ${code})`
  const day = operand?.object ? DATED[operand.object.name] : undefined
  if (!operand || !day || !scope.context.catalog.find('DatedConversionRate')) return fixed
  const date = `${rowOf(operand)}."${day}"`
  const dated =
    `SELECT "ConversionRate" FROM "DatedConversionRate" WHERE "IsoCode" = ${code} ` +
    `AND "StartDate" <= ${date} AND "NextStartDate" > ${date}`
  return `coalesce((${dated}), ${fixed})`
}

/** An amount in the corporate currency, exact: what is added up, compared and ordered by. */
export function corporate(scope: Scope, operand: Operand): Operand {
  const code = currencyOf(scope, operand)
  if (!code) return operand
  const { corporateCurrency } = known(scope)
  return { ...operand, sql: `(${operand.sql} / ${rateOf(scope, code, operand)})`, code: isoCode(corporateCurrency) }
}

/** An amount in the user's own currency, rounded as the field is. */
export function own(scope: Scope, operand: Operand): Operand {
  const code = currencyOf(scope, operand)
  const { currency } = localeOf(scope.context)
  if (!code || !currency) return operand
  const theirs = rateOf(scope, code, operand)
  const mine = rateOf(scope, isoCode(currency), operand)
  const scale = operand.field.scale ?? 0
  return { ...operand, sql: `round(${operand.sql} / ${theirs} * ${mine}, ${scale})`, code: isoCode(currency) }
}

/** `USD5000` as an amount of the corporate currency; refuses a currency the org does not have. */
export function corporateAmount(scope: Scope, literal: string): number {
  const code = literal.slice(0, 3).toUpperCase()
  const rate = known(scope).rates.get(code)
  if (rate === undefined) throw malformed(scope.context, literal, `Invalid currency ISO code: ${code}`)
  return Number(literal.slice(3)) / rate
}

function known(scope: Scope): { corporateCurrency: string; rates: Map<string, number> } {
  const columns = 'SELECT "IsoCode", "ConversionRate", "IsCorporate" FROM "CurrencyType" WHERE "IsActive" = 1'
  const rows = scope.context.store.select(columns, [])
  const rates = new Map(rows.map(([code, rate]) => [String(code), Number(rate)]))
  return { corporateCurrency: String(rows.find((row) => row[2] === 1)?.[0] ?? 'USD'), rates }
}
