import type { FieldType } from '@jetstreamapp/soql-parser-js'
import { parseSoql } from '../../../query/terms/parse.ts'
import { describedFields, type DescribedField } from '../../../wire/rows/row.ts'
import type { RestContext } from '../request/request.ts'

interface Column {
  aggregate: boolean
  apexType: string | null
  booleanType: boolean
  columnName: string
  custom: boolean
  displayName: string
  foreignKeyName: string | null
  insertable: boolean
  joinColumns: Column[]
  numberType: boolean
  textType: boolean
  updatable: boolean
}

/** What `GET /query?columns=true` answers: the columns of the SELECT list, children nested in `joinColumns`. */
export function columnMetadata(soql: string, context: RestContext): Record<string, unknown> {
  context.org.checkQuery(context.caller, soql)
  const query = parseSoql(soql)
  const object = query.sObject ?? ''
  const described = describedFields(context.org, context.caller, object)
  return {
    columnMetadata: (query.fields ?? []).flatMap((field) => columnsOf(field, described)),
    entityName: object,
    groupBy: query.groupBy !== undefined,
    idSelected: (query.fields ?? []).some((field) => field.type === 'Field' && field.field.toLowerCase() === 'id'),
    keyPrefix: context.org.describe(context.caller, object)['keyPrefix'] ?? null,
  }
}

function columnsOf(field: FieldType, described: DescribedField[]): Column[] {
  switch (field.type) {
    case 'Field':
      return [column(field.field, described)]
    case 'FieldFunctionExpression':
      return [{ ...column(field.alias ?? field.functionName.toLowerCase(), []), aggregate: true, numberType: true }]
    case 'FieldRelationship':
      return [joined(field.relationships, field.field)]
    case 'FieldSubquery': {
      const { relationshipName = '', fields = [] } = field.subquery
      return [
        { ...column(relationshipName, []), aggregate: true, joinColumns: fields.flatMap((f) => columnsOf(f, [])) },
      ]
    }
    default:
      return []
  }
}

function joined(relationships: string[], field: string): Column {
  const [first, ...rest] = relationships
  if (first === undefined) return column(field, [])
  return { ...column(first, []), joinColumns: [joined(rest, field)] }
}

const NUMBERS = ['int', 'double', 'currency', 'percent', 'long']

function column(name: string, described: DescribedField[]): Column {
  const field = described.find((one) => one.name.toLowerCase() === name.toLowerCase())
  const type = field?.type ?? 'string'
  return {
    aggregate: false,
    apexType: null,
    booleanType: type === 'boolean',
    columnName: field?.name ?? name,
    custom: field?.custom ?? false,
    displayName: field?.name ?? name,
    foreignKeyName: field?.relationshipName ?? null,
    insertable: field?.createable ?? false,
    joinColumns: [],
    numberType: NUMBERS.includes(type),
    textType: type !== 'boolean' && !NUMBERS.includes(type),
    updatable: field?.updateable ?? false,
  }
}
