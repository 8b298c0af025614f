// Values of the org as expressions meet them, and back.
import Big from 'big.js'
import { NUMERIC_TYPES, type FieldValue } from '../values/field-value.ts'
import { addSeconds, millisOf } from '../values/instant.ts'
import { Day, Instant } from './day.ts'
import { amountOf, Decimal } from './decimal.ts'
import { memberOf } from './listed.ts'

const DATE = /^\d{4}-\d\d-\d\d$/

/**
 * A field's value in an expression, by the type a describe gives the field: numbers exact, dates and times as such, everything else
 * as text or checkbox. Without a type, texts stay texts.
 */
export function fromOrg(value: FieldValue | undefined, type: string | undefined): unknown {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'boolean') return value
  if (type === 'boolean') return value === 'true'
  if (type !== undefined && NUMERIC_TYPES.has(type)) return isNumber(value) ? Decimal.of(value) : null
  if (type === 'date' && DATE.test(value)) return new Day(value)
  if (type === 'datetime' && millisOf(value) !== null) return new Instant(addSeconds(value, 0))
  return value
}

/**
 * What an expression gave, as a field takes it. A record stands for its id. Throws TypeError for what no field holds, e.g. a list.
 */
export function toOrg(value: unknown): FieldValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value === '' ? null : value
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal)
    return amountOf(value).toFixed()
  if (value instanceof Day || value instanceof Instant) return value.iso
  const id = memberOf(value, 'Id')
  if (typeof id === 'string') return id
  throw new TypeError('not a value that a field can hold')
}

function isNumber(text: string): boolean {
  try {
    return new Big(text) instanceof Big
  } catch {
    return false
  }
}
