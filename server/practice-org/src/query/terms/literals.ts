// Literals of a query: what the text between the quotes says, and whether it fits the field it is compared with.
import type { LiteralType } from '@jetstreamapp/soql-parser-js'
import type { FieldDef } from '../../schema/catalog.ts'
import { formatDate, instantOf, literalRange, parseDate, parseDatetime, type Range } from '../../schema/dates.ts'
import { normalizeId } from '../../schema/ids.ts'
import { queryRefusal } from '../../schema/refuse.ts'
import type { Stored } from '../../store/row.ts'
import { filterRefusal, malformed, type QueryContext } from './context.ts'
import { localeOf, wallNow } from './locale.ts'

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\' }

/**
 * The text of a quoted literal. For LIKE (`pattern`), `\_` and `\%` stay escaped and a real backslash becomes `\\`, so that
 * the result can be used with `ESCAPE '\'`.
 */
export function unquote(context: QueryContext, literal: string, pattern = false): string {
  const body = literal.slice(1, -1)
  return body.replace(/\\(u[0-9a-fA-F]{4}|.|$)/gs, (whole, code: string) => {
    if (/^u[0-9a-fA-F]{4}$/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (pattern && (code === '_' || code === '%' || code === '\\')) return whole
    const plain = ESCAPES[code.toLowerCase()]
    if (plain !== undefined) return plain
    throw malformed(context, whole, `Illegal character sequence '${whole}' in string literal`)
  })
}

/** SOAP type names, as filter refusals use them. */
const TYPE_NAMES: Record<string, string> = { int: 'int', boolean: 'boolean', date: 'date', datetime: 'dateTime' }

function mismatch(context: QueryContext, field: FieldDef, quoted: boolean) {
  const numeric = ['double', 'currency', 'percent'].includes(field.type)
  const name = TYPE_NAMES[field.type] ?? (numeric ? 'double' : 'string')
  const enclosed = name === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes'
  const tail = quoted === (name === 'string') ? '' : ` and ${enclosed}`
  const reason = `value of filter criterion for field '${field.name}' must be of type ${name}${tail}`
  return filterRefusal(context, field.name, reason)
}

/** One comparison value: a stored value, or the range a date (literal) stands for. */
export type Operand = { kind: 'value'; value: Stored } | { kind: 'range'; range: Range }

const value = (stored: Stored): Operand => ({ kind: 'value', value: stored })

/** The operand a literal stands for when compared with `field`; refuses with INVALID_FIELD when the types differ. */
export function operandOf(
  context: QueryContext,
  field: FieldDef,
  literal: string,
  type: LiteralType | undefined,
): Operand {
  // A check box without a tick is both false and null to a query [soqlref].
  if (type === 'NULL') return value(field.type === 'boolean' ? 0 : null)
  const quoted = type === 'STRING'
  const date = type === 'DATE_LITERAL' || type === 'DATE_N_LITERAL'
  switch (field.type) {
    case 'boolean':
      if (type !== 'BOOLEAN') throw mismatch(context, field, quoted)
      return value(literal.toUpperCase() === 'TRUE' ? 1 : 0)
    case 'int':
    case 'double':
    case 'currency':
    case 'percent': {
      const number = Number(literal.replace(/^[A-Za-z]{3}/, ''))
      if (
        quoted ||
        date ||
        !['INTEGER', 'DECIMAL', 'INTEGER_WITH_CURRENCY_PREFIX', 'DECIMAL_WITH_CURRENCY_PREFIX'].includes(type ?? '')
      )
        throw mismatch(context, field, quoted)
      return value(number)
    }
    case 'date':
    case 'datetime':
      return dateOperand(context, field, literal, type)
    case 'id':
    case 'reference':
      if (!quoted) throw mismatch(context, field, quoted)
      return idOperand(context, unquote(context, literal))
    default: {
      if (!quoted) throw mismatch(context, field, quoted)
      return value(unquote(context, literal) || null)
    }
  }
}

function idOperand(context: QueryContext, text: string): Operand {
  if (text === '') return value(null)
  const id = normalizeId(text)
  if (id) return value(id)
  throw queryRefusal('INVALID_QUERY_FILTER_OPERATOR', context.soql, text, `invalid ID field: ${text}`)
}

function dateOperand(context: QueryContext, field: FieldDef, literal: string, type: LiteralType | undefined): Operand {
  if (type === 'DATE_LITERAL' || type === 'DATE_N_LITERAL') {
    const range = literalRange(literal, wallNow(context), localeOf(context))
    if (!range) throw malformed(context, literal, `Invalid date literal '${literal}'`)
    return { kind: 'range', range }
  }
  if (field.type === 'date' && type === 'DATE') {
    const day = parseDate(literal)
    if (day !== undefined) return value(day)
  }
  if (field.type === 'datetime' && type === 'DATETIME') {
    const ms = parseDatetime(literal)
    if (ms !== undefined) return value(ms)
  }
  throw mismatch(context, field, type === 'STRING')
}

/** A moment of the user's wall clock in the form the field stores. */
export const storedTime = (context: QueryContext, field: FieldDef, wall: number): Stored =>
  field.type === 'date' ? formatDate(wall) : instantOf(wall, localeOf(context).timeZone)
