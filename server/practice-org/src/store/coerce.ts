// A value a client sent, as the field stores it: trimmed, parsed, rounded, within its length.
import { type FieldDef, labelOf, picklistOf } from '../schema/catalog.ts'
import { parseDate, parseDatetime, wholeSecond } from '../schema/dates.ts'
import { refusal } from '../schema/refuse.ts'
import type { Stored } from './row.ts'
import type { Value } from '../org/values.ts'

const EMAIL = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\.]+(\.[^\s@<>"(),:;[\]\\.]+)+$/
const INTEGER_LIMIT = 2_147_483_647

/** JSON_PARSER_ERROR in the words of the deserialiser behind REST. */
function unreadable(type: string, value: Value) {
  return refusal(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${tokenOf(value)} value ${String(value)} or request may be missing a required ` +
      'field at [line:1, column:1]',
  )
}

/** The parser's name of the token that a value is. */
function tokenOf(value: Value): string {
  if (typeof value === 'string') return 'VALUE_STRING'
  if (typeof value === 'number') return Number.isInteger(value) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT'
  return value === true ? 'VALUE_TRUE' : 'VALUE_FALSE'
}

/**
 * The stored form of `value`; blank text is null. Refuses what the type, length, restricted picklist or e-mail check
 * forbids. Lookups are only trimmed here: whether the id fits is another question.
 */
export function coerce(field: FieldDef, value: Value): Stored {
  if (value === null || value === undefined) return field.type === 'boolean' ? Number(field.default === true) : null
  if (typeof value === 'object') throw unreadable(field.type, JSON.stringify(value))
  switch (field.type) {
    case 'boolean':
      return coerceBoolean(value)
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return coerceNumber(field, value)
    case 'date':
      return coerceTime(value, 'date', parseDate)
    case 'datetime':
      return coerceTime(value, 'datetime', parseSecond)
    case 'base64':
      return coerceBase64(value)
    default:
      return coerceText(field, String(value))
  }
}

function coerceBoolean(value: string | number | boolean): Stored {
  if (typeof value === 'boolean') return Number(value)
  const text = String(value).trim().toLowerCase()
  if (text === 'true' || text === '1') return 1
  if (text === 'false' || text === '0' || text === '') return 0
  throw unreadable('boolean', value)
}

function coerceNumber(field: FieldDef, value: string | number | boolean): Stored {
  const text = String(value).trim()
  if (text === '') return null
  const number = Number(text)
  const whole = field.type === 'int'
  if (typeof value === 'boolean' || !Number.isFinite(number) || !/^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text)) {
    throw unreadable(field.type, value)
  }
  if (whole && !Number.isInteger(number)) throw unreadable('int', value)
  const scale = field.scale ?? 0
  const limit = whole ? Math.min(10 ** (field.digits ?? 9), INTEGER_LIMIT) : 10 ** ((field.precision ?? 18) - scale)
  if (Math.abs(number) >= limit) {
    throw refusal(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${labelOf(field)}: value outside of valid range on numeric field: ${text}`,
      [field.name],
    )
  }
  return whole ? number : round(number, scale)
}

/** Half away from zero, on the decimal digits people see (1.005 → 1.01). */
function round(number: number, scale: number): number {
  const shifted = Number(`${Math.abs(number)}e${scale}`)
  // Text such as 1e-7 takes no second exponent.
  const rounded = Number.isNaN(shifted)
    ? Number(Math.abs(number).toFixed(scale))
    : Number(`${Math.round(shifted)}e-${scale}`)
  return number < 0 && rounded !== 0 ? -rounded : rounded
}

function parseSecond(text: string): number | undefined {
  const ms = parseDatetime(text)
  return ms === undefined ? undefined : wholeSecond(ms)
}

function coerceTime<T extends Stored>(
  value: string | number | boolean,
  type: string,
  parse: (text: string) => T | undefined,
): Stored {
  if (typeof value !== 'string') throw unreadable(type, value)
  if (value.trim() === '') return null
  const parsed = parse(value)
  if (parsed === undefined) throw unreadable(type, value)
  return parsed
}

/** Bytes as base64 text, padded; spaces and line breaks between the digits mean nothing. */
function coerceBase64(value: string | number | boolean): Stored {
  if (typeof value !== 'string') throw unreadable('base64Binary', value)
  const text = value.replace(/\s+/g, '')
  const bad = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(text)?.[0]
  if (bad !== undefined) {
    const code = (bad.codePointAt(0) ?? 0).toString(16)
    const message = `Illegal character '${bad}' (code 0x${code}) in base64 content at [line:1, column:1]`
    throw refusal('JSON_PARSER_ERROR', message)
  }
  return text === '' ? null : Buffer.from(text, 'base64').toString('base64')
}

function coerceText(field: FieldDef, raw: string): Stored {
  const text = raw.trim()
  if (text === '') return null
  const length = field.length ?? (field.type === 'picklist' || field.type === 'combobox' ? 255 : undefined)
  if (length !== undefined && text.length > length) {
    throw refusal('STRING_TOO_LONG', `${labelOf(field)}: data value too large: ${text} (max length=${length})`, [
      field.name,
    ])
  }
  if (field.type === 'email' && !EMAIL.test(text)) {
    throw refusal('INVALID_EMAIL_ADDRESS', `${labelOf(field)}: invalid email address: ${text}`, [field.name])
  }
  if (!field.picklist) return text
  const parts = field.type === 'multipicklist' ? text.split(';').map((part) => part.trim()) : [text]
  const known = parts.map((part) => canonicalChoice(field, part))
  return known.join(';')
}

/** A picklist value in the case of its definition; one that is not defined is refused when the picklist is restricted. */
function canonicalChoice(field: FieldDef, text: string): string {
  const found = picklistOf(field).find(({ value }) => value.toLowerCase() === text.toLowerCase())
  if (found || !field.restricted) return found?.value ?? text
  throw refusal(
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${labelOf(field)}: bad value for restricted picklist field: ${text}`,
    [field.name],
  )
}
