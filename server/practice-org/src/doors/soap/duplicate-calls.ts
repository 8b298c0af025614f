import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { RecordJson } from '../../org/values.ts'
import { refusal } from '../../wire/http/errors.ts'
import { fieldsDescribed } from '../rest/describe/layouts.ts'
import { failed } from '../../wire/rows/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { errorElement, idReader } from './row-calls.ts'
import { readSObject, sObjectElements, type SObject } from './sobject.ts'
import { writeDuplicates, writeSObject } from './write-sobject.ts'
import { texts } from '../../wire/xml/xml.ts'

const MAX_ROWS = 50
/** As many fields as a compact layout shows. */
const DETAILS = 4
type Json = Record<string, unknown>

/** `findDuplicates(sObjects)`: values, records, or records with other values, all of one type. */
export function findDuplicates(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const rows = sObjectElements(call.body, 'sObjects').map((element) => readSObject(org, caller, call, element))
  return found(rows, call, org, caller)
}

/** `findDuplicatesByIds(ids)`. */
export function findDuplicatesByIds(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const read = idReader(org, caller)
  const rows = texts(call.body, 'ids').map((each): SObject => {
    const { object, id } = read(each)
    return { type: object, id, fields: {} }
  })
  return found(rows, call, org, caller)
}

function found(rows: SObject[], call: SoapCall, org: Org, caller: Caller): unknown[] {
  if (rows.length > MAX_ROWS) {
    const message = 'Configuration error: The number of records to check is greater than the permitted batch size.'
    throw refusal.badInput(message, 'LIMIT_EXCEEDED')
  }
  if (new Set(rows.map(({ type }) => type)).size > 1) {
    throw refusal.badInput('All records to check must be of one type', 'INVALID_TYPE')
  }
  return rows.map((row) => foundFor(row, call, org, caller))
}

/** What concerns one row is part of its result; an object without rules is a fault. */
function foundFor(row: SObject, call: SoapCall, org: Org, caller: Caller): Json {
  try {
    const results = org.findDuplicates(caller, row.type, row.fields, row.id)
    const shown = (record: RecordJson) => writeSObject(withDetails(record, call, org, caller))
    return { duplicateResults: results.map((result) => writeDuplicates(result, shown)), errors: [], success: true }
  } catch (error) {
    if (!(error instanceof OrgError) || error.body.status !== 404) throw error
    return { duplicateResults: [], errors: failed(error).errors.map(errorElement), success: false }
  }
}

function withDetails(record: RecordJson, { includeRecordDetails }: SoapCall, org: Org, caller: Caller): RecordJson {
  if (!includeRecordDetails) return record
  const { type } = record.attributes
  const fields = fieldsDescribed({ org, caller }, type)
  const named = fields.filter((field) => field.nameField)
  const others = fields.filter((field) => !field.nameField && field.updateable)
  const names = [...named, ...others].slice(0, DETAILS).map(({ name }) => name)
  return org.retrieve(caller, type, String(record['Id']), names)
}
