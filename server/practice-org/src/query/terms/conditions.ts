// WHERE and HAVING: from the parser's flat list to a tree, and from the tree to SQL with two-valued logic.
import type { Comparison, Resolver } from './comparison.ts'
import type { Condition, ConditionWithValueQuery, HavingClause, WhereClause } from '@jetstreamapp/soql-parser-js'

import { malformed, type QueryContext } from './context.ts'
import { type Sql, sql } from './sql.ts'
import { compare } from './compare.ts'

type Clause = WhereClause | HavingClause

type Token = '(' | ')' | 'NOT' | 'AND' | 'OR' | Comparison
export type Tree =
  { kind: 'and' | 'or'; parts: Tree[] } | { kind: 'not'; part: Tree } | { kind: 'comparison'; comparison: Comparison }

export function treeOf(context: QueryContext, clause: Clause): Tree {
  const tokens = tokensOf(clause)
  let at = 0
  const unary = (): Tree => {
    const token = tokens[at++]
    if (token === 'NOT') return { kind: 'not', part: unary() }
    if (token === '(') {
      const inner = expression()
      at++ // the closing parenthesis: the parser has checked that they balance
      return inner
    }
    if (token === undefined || typeof token === 'string') {
      throw malformed(context, token ?? '', `unexpected token: '${token ?? '<EOF>'}'`)
    }
    return { kind: 'comparison', comparison: token }
  }
  const expression = (): Tree => {
    const parts = [unary()]
    const operator = tokens[at]
    while (tokens[at] === 'AND' || tokens[at] === 'OR') {
      // An org does not guess which of AND and OR binds tighter.
      if (tokens[at] !== operator)
        throw malformed(context, String(tokens[at]), `unexpected token: '${String(tokens[at])}'`)
      at++
      parts.push(unary())
    }
    return parts.length === 1 ? parts[0]! : { kind: operator === 'AND' ? 'and' : 'or', parts }
  }
  return expression()
}

function tokensOf(clause: Clause): Token[] {
  const tokens: Token[] = []
  for (let rest: Clause | undefined = clause; rest; rest = 'right' in rest ? rest.right : undefined) {
    const left: ConditionWithValueQuery | Condition | null = rest.left
    const parens = left && 'openParen' in left ? (left.openParen ?? 0) : 0
    for (let i = 0; i < parens; i++) tokens.push('(')
    if (left && ('field' in left || 'fn' in left)) {
      tokens.push(comparisonOf(left))
      for (let i = 0; i < (left.closeParen ?? 0); i++) tokens.push(')')
    }
    if ('operator' in rest) tokens.push(rest.operator)
  }
  return tokens
}

function comparisonOf(
  left: Exclude<ConditionWithValueQuery | Condition, { openParen: number; field?: never }>,
): Comparison {
  if (!('operator' in left)) throw new Error('a comparison without an operator')
  const base = {
    ...('field' in left ? { field: left.field } : {}),
    ...('fn' in left ? { fn: left.fn } : {}),
    operator: left.operator,
  }
  if ('valueQuery' in left) return { ...base, values: [], types: [], isList: true, subquery: left.valueQuery }
  const isList = Array.isArray(left.value)
  const values = [left.value].flat()
  const types = values.map((_, i) => (Array.isArray(left.literalType) ? left.literalType[i] : left.literalType))
  return { ...base, values, types, isList }
}

/** SQL that is true or false, never NULL, wherever a negation could tell the difference. */
export function conditionSql(resolver: Resolver, tree: Tree): Sql {
  if (tree.kind === 'not') {
    const inner = conditionSql(resolver, tree.part)
    return sql(`NOT coalesce((${inner.text}), 0)`, inner.params)
  }
  if (tree.kind === 'comparison') {
    const { comparison } = tree
    const left = resolver.operand(comparison)
    if (!comparison.subquery) return compare(resolver, left, comparison)
    const inner = resolver.subquery(comparison, comparison.subquery)
    const negation = comparison.operator === 'NOT IN' ? 'NOT ' : ''
    return sql(`${left.sql} ${negation}IN (${inner.text})`, inner.params)
  }
  const parts = tree.parts.map((part) => conditionSql(resolver, part))
  const glue = tree.kind === 'and' ? 'AND' : 'OR'
  return balanced(parts, glue)
}

/** Joins conditions as a balanced tree: SQLite refuses expressions more than a thousand levels deep. */
function balanced(parts: Sql[], glue: 'AND' | 'OR'): Sql {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const middle = Math.ceil(parts.length / 2)
  const left = balanced(parts.slice(0, middle), glue)
  const right = balanced(parts.slice(middle), glue)
  return sql(`(${left.text} ${glue} ${right.text})`, [...left.params, ...right.params])
}
