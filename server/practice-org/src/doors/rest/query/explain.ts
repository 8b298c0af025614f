// How an org would run a query: the plans it weighs, with what each costs.

import { composeQuery, type Query } from '@jetstreamapp/soql-parser-js'
import { parseSoql } from '../../../query/terms/parse.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { describedFields } from '../../../wire/rows/row.ts'
import { listViewQuery } from '../describe/list-views.ts'
import { ok, type RestContext, type RestResponse } from '../request/request.ts'

const INDEXED_ALWAYS = ['id', 'name', 'ownerid', 'createddate', 'systemmodstamp', 'lastmodifieddate', 'recordtypeid']
/** An index pays as long as it leaves no larger a part of the rows than this. */
const SELECTIVE_PART = 0.3
/** Reading a whole table is dearer than the least selective index. */
const SCAN_COST = 2

interface Plan {
  cardinality: number
  fields: string[]
  leadingOperationType: 'Index' | 'Sharing' | 'TableScan'
  notes: { description: string; fields: string[]; tableEnumOrId: string }[]
  relativeCost: number
  sobjectCardinality: number
  sobjectType: string
}

/**
 * `GET /query?explain=` of a query or of a list view's id: the cheapest plan first. Rows are counted, costs are the part of
 * them that a plan reads, measured by what an index may leave.
 */
export function explainQuery(asked: string, context: RestContext): RestResponse {
  const soql = listViewQuery(context, asked) ?? asked
  context.org.checkQuery(context.caller, soql)
  const plans = plansOf(parseSoql(soql), context).sort((a, b) => a.relativeCost - b.relativeCost)
  return ok({ plans, sourceQuery: soql })
}

function plansOf(query: Query, context: RestContext): Plan[] {
  const object = query.sObject
  if (!object) throw refusal.badInput('The query names no object', 'MALFORMED_QUERY')
  const rows = counted(context, { sObject: object })
  const { sObjectAlias, where } = query
  const left = where ? counted(context, { sObject: object, sObjectAlias, where }) : rows
  const { indexed, unindexed } = filtered(query, context, object)
  const notes = unindexed.map((field) => ({
    description: 'Not considering filter for optimization because unindexed',
    fields: [field],
    tableEnumOrId: object,
  }))
  const plan = (leadingOperationType: Plan['leadingOperationType'], relativeCost: number, fields: string[]): Plan => ({
    cardinality: left,
    fields,
    leadingOperationType,
    notes,
    relativeCost: Number(relativeCost.toFixed(3)),
    sobjectCardinality: rows,
    sobjectType: object,
  })
  const part = rows === 0 ? 0 : left / rows / SELECTIVE_PART
  return [
    ...(indexed.length > 0 ? [plan('Index', part, indexed)] : []),
    ...(seesAll(context) ? [] : [plan('Sharing', 1 + part, [])]),
    plan('TableScan', SCAN_COST + part, []),
  ]
}

const seesAll = ({ org, caller }: RestContext): boolean => org.systemPermission(caller.userId, 'ViewAllData')

function counted({ org, caller }: RestContext, query: Query): number {
  const soql = composeQuery({
    ...query,
    fields: [{ type: 'FieldFunctionExpression', functionName: 'COUNT', parameters: [], rawValue: 'COUNT()' }],
  })
  return org.query(caller, soql).totalSize
}

/** The fields of the object's own that the filter names. */
function filtered(query: Query, { org, caller }: RestContext, object: string) {
  const names = new Set(namesIn(query.where).map((name) => name.toLowerCase()))
  const fields = describedFields(org, caller, object).filter(({ name }) => names.has(name.toLowerCase()))
  const isIndexed = (field: (typeof fields)[number]): boolean =>
    INDEXED_ALWAYS.includes(field.name.toLowerCase()) ||
    field.externalId ||
    field.idLookup ||
    field.type === 'reference'
  return {
    indexed: fields.filter(isIndexed).map(({ name }) => name),
    unindexed: fields.filter((field) => !isIndexed(field)).map(({ name }) => name),
  }
}

/** Names of fields anywhere in a condition, subqueries left out. */
function namesIn(node: unknown): string[] {
  if (node === null || typeof node !== 'object') return []
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'field' && typeof value === 'string') return [value]
    return key === 'left' || key === 'right' ? namesIn(value) : []
  })
}
