// FORMAT(): values as people of the user's locale and time zone read them.
import type { FieldDef } from '../../schema/catalog.ts'
import type { Stored } from '../../store/row.ts'
import { toJson } from '../../store/values.ts'
import type { Value } from '../../org/values.ts'
import type { Locale } from './locale.ts'

const DATE = { year: 'numeric', month: 'numeric', day: 'numeric' } as const

/** An amount's currency, and what it is in the user's own, in an org of several. */
export interface Money {
  code: string
  inOwn: Stored
}

/** Newer Unicode data puts narrow and no-break spaces where an org writes plain ones. */
const plainSpaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

/** Numbers with separators, amounts with their sign, dates in the order of the locale; anything else as it is. */
export function formatted(field: FieldDef, value: Stored, locale: Locale, money?: Money): Value {
  if (value === null) return null
  const { language, timeZone } = locale
  const fraction = { minimumFractionDigits: field.scale ?? 0, maximumFractionDigits: field.scale ?? 0 }
  const number = (each: Stored, options: Intl.NumberFormatOptions): string =>
    plainSpaces(new Intl.NumberFormat(language, options).format(Number(each)))
  switch (field.type) {
    case 'currency':
      if (!money) return number(value, { style: 'currency', currency: 'USD', ...fraction })
      return amounts(value, money, locale, (each) => number(each, fraction))
    case 'percent':
      return `${number(value, fraction)}%`
    case 'int':
    case 'double':
      return number(value, { maximumFractionDigits: field.scale ?? 0 })
    case 'date': {
      const midnight = new Date(`${String(value)}T00:00:00.000Z`)
      return plainSpaces(new Intl.DateTimeFormat(language, { ...DATE, timeZone: 'UTC' }).format(midnight))
    }
    case 'datetime': {
      const day = new Intl.DateTimeFormat(language, { ...DATE, timeZone }).format(Number(value))
      const time = new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone }).format(Number(value))
      return plainSpaces(`${day}, ${time}`)
    }
    default:
      return toJson(field, value)
  }
}

/** The amount in the row's currency, and beside it in the user's own where that is another [K]. */
function amounts(value: Stored, { code, inOwn }: Money, locale: Locale, write: (amount: Stored) => string): string {
  const first = `${code} ${write(value)}`
  const differs = inOwn !== null && locale.currency !== undefined && locale.currency !== code
  return differs ? `${first} (${locale.currency} ${write(inOwn)})` : first
}
