// FORMAT(): values as people in the org's one locale, en_US, and time zone, GMT, read them.
import type { FieldDef } from '../catalog.ts'
import type { Stored } from '../store.ts'
import { toJson } from '../values.ts'
import type { Value } from '../../org.ts'

const datetime = new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' })
const date = new Intl.DateTimeFormat('en-US', { year: 'numeric', month: 'numeric', day: 'numeric', timeZone: 'UTC' })

/**
 * Numbers with separators, amounts with their sign, dates as month/day/year; anything else as it is.
 * @param currency the row's own, in an org of several
 */
export function formatted(field: FieldDef, value: Stored, currency?: Stored): Value {
  if (value === null) return null
  const fraction = { minimumFractionDigits: field.scale ?? 0, maximumFractionDigits: field.scale ?? 0 }
  switch (field.type) {
    case 'currency':
      if (currency) return `${currency} ${new Intl.NumberFormat('en-US', fraction).format(Number(value))}`
      return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', ...fraction }).format(Number(value))
    case 'percent':
      return `${new Intl.NumberFormat('en-US', fraction).format(Number(value))}%`
    case 'int':
    case 'double':
      return new Intl.NumberFormat('en-US', { maximumFractionDigits: field.scale ?? 0 }).format(Number(value))
    case 'date':
      return date.format(new Date(`${String(value)}T00:00:00.000Z`))
    case 'datetime':
      // Newer Unicode data puts a narrow no-break space before AM and PM.
      return datetime.format(new Date(Number(value))).replace(/\u202f/g, ' ')
    default:
      return toJson(field, value)
  }
}
