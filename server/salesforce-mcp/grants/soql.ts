import { firstCharacters } from '../../contract/values/text.ts'
import { composeQuery, parseQuery, type Query } from '@jetstreamapp/soql-parser-js'
import { ToolFailure } from '../failure/failure.ts'
import type { Readable } from './readable.ts'
import { CountQuery, RecordQuery, type WhereNode } from './soql-shape.ts'

export interface GrantedQuery {
  /** Written anew from what was checked, so that the org cannot read the text differently than the check did. */
  soql: string
  object: string
  /** Selected fields, parents as dotted names. */
  fields: string[]
  /** Selected child relationships with their fields. */
  children: { relationship: string; fields: string[] }[]
}

type Selected = RecordQuery['fields'][number]
type OwnField = Exclude<Selected, { type: 'FieldSubquery' }>
type Ordering = RecordQuery['orderBy']

/** Refuses a query that names anything outside the grant, or anything this does not understand, as a ToolFailure. */
export async function grantedQuery(text: string, readable: Readable): Promise<GrantedQuery> {
  const tree = parsed(text)
  const count = CountQuery.safeParse(tree)
  if (count.success) {
    await checkWhere(count.data.sObject, count.data.where, readable)
    readable.object(count.data.sObject)
    return { soql: composeQuery(tree), object: count.data.sObject, fields: [], children: [] }
  }
  const query = RecordQuery.safeParse(tree)
  if (!query.success) {
    const where = query.error.issues[0]?.path.join('.') ?? ''
    throw notGranted(`a mission's query may not use this part of SOQL: ${where || 'the whole query'}`)
  }
  return checked(tree, query.data, readable)
}

async function checked(tree: Query, query: RecordQuery, readable: Readable): Promise<GrantedQuery> {
  const object = query.sObject
  readable.object(object)
  const fields: string[] = []
  const children: GrantedQuery['children'] = []
  for (const field of query.fields) {
    if (field.type === 'FieldSubquery') children.push(await checkChildren(object, field, readable))
    else fields.push(await checkField(object, field, readable))
  }
  await checkWhere(object, query.where, readable)
  await checkOrder(object, query.orderBy, readable)
  return { soql: composeQuery(tree), object, fields, children }
}

async function checkField(object: string, field: OwnField, readable: Readable): Promise<string> {
  const path = field.type === 'Field' ? field.field : [...field.relationships, field.field].join('.')
  await readable.field(object, path)
  return path
}

async function checkChildren(
  object: string,
  { subquery }: Extract<Selected, { type: 'FieldSubquery' }>,
  readable: Readable,
) {
  const relationship = subquery.relationshipName
  const child = await readable.children(object, relationship)
  const fields: string[] = []
  for (const field of subquery.fields) fields.push(await checkField(child, field, readable))
  await checkWhere(child, subquery.where, readable)
  await checkOrder(child, subquery.orderBy, readable)
  return { relationship, fields }
}

async function checkWhere(object: string, where: WhereNode | undefined, readable: Readable): Promise<void> {
  for (let node = where; node; node = node.right) {
    const { left } = node
    if (left === null || !('field' in left)) continue
    await readable.field(object, left.field)
    if (!('valueQuery' in left)) continue
    const inner = left.valueQuery
    for (const { field } of inner.fields) await readable.field(inner.sObject, field)
    await checkWhere(inner.sObject, inner.where, readable)
  }
}

async function checkOrder(object: string, ordering: Ordering, readable: Readable): Promise<void> {
  const clauses = ordering === undefined ? [] : Array.isArray(ordering) ? ordering : [ordering]
  for (const { field } of clauses) await readable.field(object, field)
}

function parsed(text: string): Query {
  try {
    return parseQuery(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ToolFailure('bad-request', `this is not SOQL: ${firstCharacters(reason, 200)}`, { cause })
  }
}

function notGranted(reason: string): ToolFailure {
  return new ToolFailure('not-granted', reason)
}
