// One SELECT over one object: FROM, WHERE, ORDER BY, LIMIT; the parts that rows and groups have in common.
import type { OrderByClause, Query, QueryBase } from '@jetstreamapp/soql-parser-js'
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import { noSuchObject, queryRefusal, refusal } from '../schema/refuse.ts'
import { normalizeId } from '../schema/ids.ts'
import { conditionSql, type Tree, treeOf } from './terms/conditions.ts'
import type { Comparison, Operand, Resolver } from './terms/comparison.ts'
import { invalidType, malformed, type QueryContext } from './terms/context.ts'
import { type Sql, sql } from './terms/sql.ts'
import { checkJoins } from './check.ts'
import { functionOperand, isAggregate, rankSql } from './terms/functions.ts'
import { unquote } from './terms/literals.ts'
import { corporate, corporateAmount, currencyOf } from './terms/money.ts'
import { type ResolvedField, Scope } from './terms/scope.ts'
import { startOf } from './first-table.ts'

const MAX_OFFSET = 2000

/** The object named in FROM, as far as the caller may know it exists. */
export function objectOf(context: QueryContext, name: string): ObjectDef {
  const object = context.catalog.find(name)
  if (!object || !context.rights.object(object).read) throw invalidType(context, name, noSuchObject(name))
  return object
}

/** @param clause in WHERE an aggregate function has no meaning yet */
export function resolverFor(scope: Scope, clause: 'where' | 'having', nested = false): Resolver {
  return {
    context: scope.context,
    operand(comparison) {
      const { fn } = comparison
      const name = (fn?.functionName ?? '').toUpperCase()
      if (name === 'CONVERTCURRENCY' || name === 'FORMAT') {
        const reason = `${fn?.functionName ?? ''} is not allowed in a WHERE or HAVING clause`
        throw malformed(scope.context, fn?.functionName ?? '', reason)
      }
      if (name === 'DISTANCE' && !['<', '>'].includes(comparison.operator)) {
        throw malformed(scope.context, fn?.functionName ?? '', 'DISTANCE can only be compared by < and >')
      }
      if (fn && clause === 'where' && isAggregate(fn.functionName)) {
        throw malformed(scope.context, fn.functionName ?? '', `unexpected token: '${fn.functionName ?? ''}'`)
      }
      return fn ? functionOperand(scope, fn) : scope.resolve(comparison.field ?? '')
    },
    subquery(comparison, query) {
      if (nested) {
        throw malformed(scope.context, query.sObject ?? '', 'Nesting of semi join sub-selects is not supported')
      }
      return semiJoin(scope, comparison, query)
    },
    money(left, literal) {
      // An org of one currency reads the number and lets the code be.
      if (!currencyOf(scope, left)) return { left, amount: Number(literal.slice(3)) }
      return { left: corporate(scope, left), amount: corporateAmount(scope, literal) }
    },
  }
}

/** Objects that an org does not look through for a semi-join [soqlref]. */
const NOT_JOINED = new Set(['ActivityHistory', 'Attachment', 'Event', 'Note', 'OpenActivity', 'Task'])

function semiJoin(scope: Scope, comparison: Comparison, query: Query): Sql {
  const { context } = scope
  const path = comparison.field ?? comparison.fn?.functionName ?? ''
  const left = scope.resolve(comparison.field ?? '')
  if (left.parent) {
    throw malformed(context, path, `The left operand '${path}' cannot have more than one level of relationships`)
  }
  if (!isKey(left.field)) {
    const reason = 'The left operand field in the where expression for outer query should be an id field, cannot use'
    throw malformed(context, path, `${reason}: '${path}'`)
  }
  checkInner(context, query)
  const object = objectOf(context, query.sObject ?? '')
  if (object.name === scope.root.object.name) {
    throw malformed(context, object.name, 'The inner and outer selects should not be on the same object type')
  }
  if (object.virtual || NOT_JOINED.has(object.name)) {
    throw malformed(context, object.name, `Entity '${object.name}' is not supported for semi join inner selects`)
  }
  const inner = new Scope(context, object, query.sObjectAlias)
  const column = selectedKey(inner, query, left)
  const where = whereSql(inner, query, [sql(`${column.sql} IS NOT NULL`)], true)
  const from = inner.from()
  return sql(`SELECT ${column.sql} FROM ${from.text}${where.text}`, [...from.params, ...where.params])
}

const isKey = (field: FieldDef): boolean => field.type === 'id' || field.type === 'reference'

/** Clauses that an org's parser does not know inside IN (SELECT …). */
function checkInner(context: QueryContext, query: Query): void {
  const clauses = {
    GROUP: query.groupBy,
    ORDER: query.orderBy,
    LIMIT: query.limit,
    OFFSET: query.offset,
    FOR: query.for,
  }
  for (const [word, clause] of Object.entries(clauses)) {
    if (clause !== undefined) throw malformed(context, word, `missing value at '${word}'`)
  }
}

/** The one field an inner select brings: a key of what the outer one compares it with. */
function selectedKey(inner: Scope, query: Query, left: ResolvedField): ResolvedField {
  const { context } = inner
  const [item, ...others] = query.fields ?? []
  if (item?.type === 'FieldRelationship') {
    const path = [...item.relationships, item.field].join('.')
    throw malformed(context, path, `The inner select field '${path}' cannot have more than one level of relationships`)
  }
  if (item?.type !== 'Field' || others.length) {
    throw malformed(context, query.sObject ?? '', 'Semi join sub-selects must select exactly one id or reference field')
  }
  const column = inner.resolve(item.field)
  if (!isKey(column.field)) {
    throw malformed(context, item.field, `Semi join sub-selects can only query id fields, cannot use: '${item.field}'`)
  }
  const [there, here] = [targetsOf(left), targetsOf(column)]
  if (!there.some((name) => here.includes(name))) {
    throw malformed(
      context,
      item.field,
      `The selected field '${item.field}' in the subquery and the left operand field in the where expression in the ` +
        `outer query '${left.field.name}' should point to the same object type`,
    )
  }
  return column
}

const targetsOf = ({ field, object }: ResolvedField): string[] =>
  field.type === 'id' ? [object.name] : field.referenceTo

/** ` WHERE …` with the caller's own conditions, visibility and `extra`; resolve the SELECT list before `scope.from()`. */
export function whereSql(scope: Scope, query: QueryBase, extra: Sql[], nested = false): Sql {
  const tree = query.where && treeOf(scope.context, query.where)
  if (tree && !nested) checkJoins(scope.context, tree)
  const own = tree ? [conditionSql(resolverFor(scope, 'where', nested), tree)] : []
  const mine = scopeCondition(scope, query)
  // Rows that somebody has picked out already are few.
  if (nested || extra.length === 0) {
    scope.startAt(startOf(scope, query, tree, (rows) => resolverFor(rows, 'where', nested)))
  }
  const listed = tree ? listedIds(scope, tree) : []
  const parts = [...extra, ...listed, ...own, ...mine, ...scope.visible().map((text) => sql(text))]
  if (parts.length === 0) return sql('')
  return sql(
    ` WHERE ${parts.map((part) => part.text).join(' AND ')}`,
    parts.flatMap((part) => part.params),
  )
}

/** Shares that a filter names by their ids, as what those ids say: which rows cause them. */
function listedIds({ context, root }: Scope, tree: Tree): Sql[] {
  const { shares } = context.rights
  if (!shares.of(root.object)) return []
  const parts = tree.kind === 'and' ? tree.parts : [tree]
  return parts.flatMap((part) => {
    if (part.kind !== 'comparison' || part.comparison.field?.toLowerCase() !== 'id') return []
    const { operator, values } = part.comparison
    if (operator !== '=' && operator !== 'IN') return []
    const ids = values.flatMap((value) => normalizeId(unquote(context, value)) ?? [])
    return [shares.among(root.object, root.alias, shares.numbers(root.object, ids))]
  })
}

/** Scopes that one object alone has; the others are for all that have owners. */
const OWN_SCOPES: Record<string, string> = { team: 'Account', my_territory: 'Account', delegated: 'Task' }
const SCOPES = new Set(['everything', 'mine', 'mine_and_my_groups', ...Object.keys(OWN_SCOPES)])

/** USING SCOPE: own records, those of one's queues, accounts on whose team or in whose territory one is, tasks given to others. */
function scopeCondition(scope: Scope, query: QueryBase): Sql[] {
  const wanted = query.usingScope?.toLowerCase() ?? 'everything'
  const { context, root } = scope
  if (!SCOPES.has(wanted) || (OWN_SCOPES[wanted] ?? root.object.name) !== root.object.name) {
    throw malformed(
      context,
      query.usingScope ?? '',
      `invalid using scope for ${root.object.name}: ${query.usingScope ?? ''}`,
    )
  }
  if (wanted === 'everything') return []
  const { userId } = context.rights
  if (wanted === 'team') {
    const team = 'SELECT "AccountId" FROM "AccountTeamMember" WHERE "UserId" = ? AND "IsDeleted" = 0'
    return [sql(`${root.alias}."Id" IN (${team})`, [userId])]
  }
  if (wanted === 'my_territory') {
    const mine = 'SELECT "Territory2Id" FROM "UserTerritory2Association" WHERE "UserId" = ?'
    const there = `SELECT "ObjectId" FROM "ObjectTerritory2Association" WHERE "Territory2Id" IN (${mine})`
    return [sql(`${root.alias}."Id" IN (${there})`, [userId])]
  }
  if (!root.object.byName.has('ownerid')) {
    throw malformed(context, wanted, `invalid using scope for ${root.object.name}: ${query.usingScope ?? ''}`)
  }
  const owner = scope.resolve('OwnerId').sql
  if (wanted === 'delegated') return [sql(`(${root.alias}."CreatedById" = ? AND ${owner} != ?)`, [userId, userId])]
  if (wanted === 'mine') return [sql(`${owner} = ?`, [userId])]
  const groups = 'SELECT "GroupId" FROM "GroupMember" WHERE "UserOrGroupId" = ?'
  return [sql(`(${owner} = ? OR ${owner} IN (${groups}))`, [userId, userId])]
}

/** ` ORDER BY …`; nulls come first in both directions unless asked otherwise, rows of equal rank in order of creation. */
export function orderSql(
  scope: Scope,
  query: QueryBase,
  operand: (order: OrderByClause) => Operand,
  tie?: string,
): string {
  const orders = [query.orderBy ?? []].flat()
  const terms = orders.map((order) => {
    if (
      'fn' in order &&
      ['CONVERTCURRENCY', 'FORMAT', 'TOLABEL'].includes((order.fn.functionName ?? '').toUpperCase())
    ) {
      const name = order.fn.functionName ?? ''
      throw malformed(scope.context, name, `${name} is not allowed in an ORDER BY clause`)
    }
    const by = operand(order)
    const { field } = by
    const text = sortSql(scope, by)
    if (!field.filterable || field.type === 'multipicklist') {
      const reason = `field '${field.name}' can not be sorted in a query call`
      throw queryRefusal('MALFORMED_QUERY', scope.context.soql, field.name, reason, 'ORDER')
    }
    const descending = order.order === 'DESC'
    const nullsFirst = order.nulls !== 'LAST'
    const nulls = nullsFirst === !descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST'
    return `${text}${descending ? ' DESC' : ''}${nulls}`
  })
  if (tie) terms.push(tie)
  return terms.length ? ` ORDER BY ${terms.join(', ')}` : ''
}

/** What rows are ranked by: choices by their list, amounts by what they are in the corporate currency [soqlref]. */
function sortSql(scope: Scope, by: Operand): string {
  if (by.isAggregate) return by.sql
  return rankSql(by) ?? corporate(scope, by).sql
}

/** Limit and offset of a query; the offset is refused beyond what an org allows. */
export function windowOf(query: QueryBase): { limit: number | undefined; offset: number } {
  const offset = query.offset ?? 0
  if (offset > MAX_OFFSET) throw refusal('NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000')
  return { limit: query.limit, offset }
}
