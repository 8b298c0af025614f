import { parseQuery } from '@jetstreamapp/soql-parser-js'
import { refusal } from '../http/errors.ts'
import { describedFields } from '../writes/row.ts'
import { listViewQuery } from './list-views.ts'
import { ok, type RestContext, type RestResponse } from './request.ts'

const INDEXED_ALWAYS = ['id', 'name', 'ownerid', 'createddate', 'systemmodstamp', 'recordtypeid']

/**
 * `GET /query?explain=` of a query or of a list view's id: one plan, by the indexed fields that the filter names. Costs
 * are not measured.
 */
export function explainQuery(asked: string, context: RestContext): RestResponse {
  const soql = listViewQuery(context, asked) ?? asked
  // The query itself must be one the org runs.
  context.org.query(context.caller, soql, { batchSize: 200 })
  const object = objectOf(soql)
  const { totalSize } = context.org.query(context.caller, `SELECT COUNT() FROM ${object}`)
  const fields = indexedIn(soql, object, context)
  const cardinality = fields.length > 0 ? Math.ceil(totalSize / 10) : totalSize
  const plan = {
    cardinality,
    fields,
    leadingOperationType: fields.length > 0 ? 'Index' : 'TableScan',
    notes: [],
    relativeCost: totalSize === 0 ? 0 : Number((cardinality / totalSize).toFixed(3)),
    sobjectCardinality: totalSize,
    sobjectType: object,
  }
  return ok({ plans: [plan], sourceQuery: soql })
}

function objectOf(soql: string): string {
  const { sObject } = parseQuery(soql)
  if (!sObject) throw refusal.badInput('The query names no object', 'MALFORMED_QUERY')
  return sObject
}

function indexedIn(soql: string, object: string, { org, caller }: RestContext): string[] {
  const where = /\swhere\s([^]*)$/i.exec(soql)?.[1] ?? ''
  return describedFields(org, caller, object)
    .filter((field) => INDEXED_ALWAYS.includes(field.name.toLowerCase()) || field.externalId || field.idLookup)
    .map(({ name }) => name)
    .filter((name) => new RegExp(`\\b${name}\\b`, 'i').test(where))
}
