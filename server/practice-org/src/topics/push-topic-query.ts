import { parseQuery, type Query, type WhereClause } from '@jetstreamapp/soql-parser-js'
import { OrgError, type Caller, type Org } from '../org/org.ts'
import type { Value } from '../org/values.ts'

/** Standard objects that PushTopics may watch; every custom object besides. */
const WATCHED = new Set([
  ...['Account', 'Campaign', 'Case', 'Contact', 'ContractLineItem', 'Entitlement', 'Event', 'Lead', 'LinkedArticle'],
  ...['LiveChatTranscript', 'MessagingSession', 'Opportunity', 'Order', 'Quote', 'QuoteLineItem', 'ServiceAppointment'],
  ...['ServiceContract', 'Task', 'WorkOrder', 'WorkOrderLineItem'],
])
const OLDEST_VERSION = 20

/** Refuses a PushTopic whose query an org would not watch. Throws OrgError INVALID_FIELD (400). */
export function checkPushTopic(org: Org, caller: Caller, fields: Record<string, Value>): void {
  const given = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]))
  const version = given.get('apiversion') ?? null
  if (version !== null && Number(version) <= OLDEST_VERSION) throw invalid('Invalid API version', 'ApiVersion')
  const soql = given.get('query')
  if (typeof soql !== 'string') return
  const problem = problemOf(parsed(soql))
  if (problem) throw invalid(problem)
  try {
    org.query(caller, `${soql} LIMIT 1`)
  } catch (error) {
    if (error instanceof OrgError) throw invalid(error.body.message)
    throw error
  }
}

function parsed(soql: string): Query {
  try {
    return parseQuery(soql)
  } catch {
    throw invalid(`unexpected token: ${soql.trim().split(/\s/)[0] ?? ''}`)
  }
}

function problemOf(query: Query): string | undefined {
  const { fields = [], sObject = '' } = query
  const types = new Set(fields.map(({ type }) => type))
  const where = whereOf(query.where)
  if (query.groupBy || types.has('FieldFunctionExpression')) return 'Aggregate queries are not supported'
  if (types.has('FieldRelationship') || types.has('FieldSubquery')) return 'relationships are not supported'
  if (types.has('FieldTypeof')) return "'TYPEOF' is not allowed"
  if (query.orderBy) return "'ORDER BY' clause is not allowed"
  if (query.limit !== undefined) return "'LIMIT' is not allowed"
  if (query.offset !== undefined) return "'OFFSET' is not allowed"
  if (where.some(({ isSubquery }) => isSubquery)) return 'semi/anti join sub-selects are not supported'
  if (where.some(({ isNot }) => isNot)) return "'NOT' is not supported"
  if (where.some(({ field }) => field.includes('.'))) return 'relationships are not supported'
  if (!fields.some((field) => field.type === 'Field' && field.field.toLowerCase() === 'id')) {
    return 'The Id field must be selected'
  }
  return WATCHED.has(sObject) || sObject.endsWith('__c') ? undefined : `${sObject} is not supported`
}

interface Compared {
  field: string
  isNot: boolean
  isSubquery: boolean
}

function whereOf(where: WhereClause | undefined): Compared[] {
  const found: Compared[] = []
  for (let rest = where; rest; rest = 'right' in rest ? rest.right : undefined) {
    const { left } = rest
    const isNot = 'operator' in rest && rest.operator === 'NOT'
    const field = left && 'field' in left ? String(left.field) : ''
    found.push({ field, isNot, isSubquery: Boolean(left && 'valueQuery' in left) })
  }
  return found
}

/** The fields that a WHERE clause compares. */
export function fieldsOfWhere(where: WhereClause | undefined): string[] {
  return whereOf(where).flatMap(({ field }) => (field === '' ? [] : [field]))
}

function invalid(message: string, field = 'Query'): OrgError {
  return new OrgError({ status: 400, errorCode: 'INVALID_FIELD', message, fields: [field] })
}
