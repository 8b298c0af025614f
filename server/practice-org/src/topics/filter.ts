import { parseQuery, type Condition, type WhereClause } from '@jetstreamapp/soql-parser-js'
import type { Value } from '../org/values.ts'

/** True when an event with these field values passes. A field the event does not carry counts as null. */
export type EventFilter = (fields: Record<string, Value>) => boolean

type Token = '(' | ')' | 'NOT' | 'AND' | 'OR' | Condition

/** A filter expression of a channel or a PushTopic: comparisons of fields with literals, AND, OR, NOT, brackets. Throws Error. */
export function parseFilter(expression: string): EventFilter {
  const { where } = parseQuery(`SELECT Id FROM Event WHERE ${expression}`)
  if (!where) throw new Error(`not a filter: ${expression}`)
  return filterOf(where)
}

/** The filter that a parsed WHERE clause stands for. Throws Error for what events cannot be compared with. */
export function filterOf(where: WhereClause): EventFilter {
  const tokens = tokensOf(where)
  let at = 0
  const unary = (): EventFilter => {
    const token = tokens[at++]
    if (token === 'NOT') {
      const inner = unary()
      return (fields) => !inner(fields)
    }
    if (token === '(') {
      const inner = expression()
      at += 1
      return inner
    }
    if (token === undefined || typeof token === 'string') throw new Error(`unexpected ${token ?? 'end'} in a filter`)
    return comparison(token)
  }
  const expression = (): EventFilter => {
    let left = unary()
    while (tokens[at] === 'AND' || tokens[at] === 'OR') {
      const both = tokens[at++] === 'AND'
      const [before, after] = [left, unary()]
      left = (fields) => (both ? before(fields) && after(fields) : before(fields) || after(fields))
    }
    return left
  }
  return expression()
}

function tokensOf(where: WhereClause): Token[] {
  const tokens: Token[] = []
  for (let rest: WhereClause | undefined = where; rest; rest = 'right' in rest ? rest.right : undefined) {
    const { left } = rest
    if (left && 'valueQuery' in left) throw new Error('a filter of events cannot query')
    for (let i = 0; i < (left && 'openParen' in left ? (left.openParen ?? 0) : 0); i += 1) tokens.push('(')
    if (left && 'operator' in left) {
      tokens.push(left)
      for (let i = 0; i < (left.closeParen ?? 0); i += 1) tokens.push(')')
    }
    if ('operator' in rest) tokens.push(rest.operator)
  }
  return tokens
}

function comparison(condition: Condition): EventFilter {
  if (!('field' in condition) || !('value' in condition)) throw new Error('a filter of events compares plain fields')
  const { field, operator } = condition
  const types = [condition.literalType].flat()
  const values = [condition.value].flat().map((text, i) => literal(text, types[i] ?? types[0]))
  const [first = null] = values
  return (fields) => {
    const value = fields[field] ?? null
    if (operator === 'IN') return values.some((one) => same(value, one))
    if (operator === 'NOT IN') return !values.some((one) => same(value, one))
    if (operator === '=') return same(value, first)
    if (operator === '!=') return !same(value, first)
    if (operator === 'LIKE') return like(value, first)
    return ordered(value, first, operator)
  }
}

function literal(text: unknown, type: string | undefined): Value {
  const plain = String(text)
  if (type === 'STRING') return plain.replace(/^'|'$/g, '').replace(/\\(.)/g, '$1')
  if (type === 'BOOLEAN') return plain.toLowerCase() === 'true'
  if (type === 'NULL') return null
  return type === 'INTEGER' || type === 'DECIMAL' || type?.startsWith('INTEGER') || type?.startsWith('DECIMAL')
    ? Number(plain)
    : plain
}

function same(a: Value, b: Value): boolean {
  return typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b
}

function ordered(a: Value, b: Value, operator: string): boolean {
  if (a === null || b === null) return false
  const [left, right] = typeof a === 'number' ? [a, Number(b)] : [String(a), String(b)]
  if (operator === '>') return left > right
  if (operator === '>=') return left >= right
  if (operator === '<') return left < right
  return operator === '<=' && left <= right
}

/** Wildcards of SOQL: `%` any text, `_` one character. */
function like(value: Value, pattern: Value): boolean {
  if (typeof value !== 'string' || typeof pattern !== 'string') return false
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.')
  return new RegExp(`^${source}$`, 'is').test(value)
}
