import type { Caller, Org, SaveResult } from '../../org.ts'
import { refusal } from '../http/errors.ts'
import { saveRows, type RowWrite } from '../writes/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { readSObject, sObjectElements } from './sobject.ts'
import { text, texts } from './xml.ts'

const MAX_ROWS = 200

/** `create(sObjects)`. */
export function create(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return write(call, org, caller, (row) => ({ id: org.create(caller, row.type, row.fields, call.write) }))
}

/** `update(sObjects)`; each row carries its id. */
export function update(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return write(call, org, caller, (row) => {
    if (!row.id) throw refusal.badInput('Id not specified in an update call', 'MISSING_ARGUMENT')
    org.update(caller, row.type, row.id, row.fields, call.write)
    return { id: row.id }
  })
}

/** `upsert(externalIDFieldName, sObjects)`. */
export function upsert(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const field = text(call.body, 'externalIDFieldName') ?? 'Id'
  return write(call, org, caller, (row) => {
    if (field.toLowerCase() === 'id') {
      if (!row.id) return { id: org.create(caller, row.type, row.fields, call.write), created: true }
      org.update(caller, row.type, row.id, row.fields, call.write)
      return { id: row.id, created: false }
    }
    const key = Object.keys(row.fields).find((name) => name.toLowerCase() === field.toLowerCase())
    const { [key ?? field]: value, ...rest } = row.fields
    if (value === undefined || value === null) throw refusal.badInput(`${field} not specified`, 'MISSING_ARGUMENT')
    return org.upsert(caller, row.type, field, String(value), rest, call.write)
  })
}

/** `delete(ids)`. */
export function remove(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, (id) => org.delete(caller, objectOfId(org, caller, id), id))
}

/** `undelete(ids)`. */
export function undelete(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, (id) => {
    objectOfId(org, caller, id)
    org.undelete(caller, id)
  })
}

/** `emptyRecycleBin(ids)`. */
export function emptyRecycleBin(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, (id) => {
    objectOfId(org, caller, id)
    org.purge(caller, id)
  })
}

function write(
  call: SoapCall,
  org: Org,
  caller: Caller,
  one: (row: ReturnType<typeof readSObject>) => { id: string; created?: boolean },
): unknown[] {
  const rows = sObjectElements(call.body, 'sObjects')
  return save(
    call,
    org,
    caller,
    rows.map((element) => () => one(readSObject(org, caller, element))),
  )
}

function byId(call: SoapCall, org: Org, caller: Caller, one: (id: string) => void): unknown[] {
  const writes = texts(call.body, 'ids').map((id): RowWrite => () => {
    one(id)
    return { id }
  })
  return save(call, org, caller, writes)
}

function save(call: SoapCall, org: Org, caller: Caller, writes: RowWrite[]): unknown[] {
  if (writes.length > MAX_ROWS) {
    throw refusal.badInput(
      `record limit reached. cannot submit more than ${MAX_ROWS} records in this operation`,
      'EXCEEDED_ID_LIMIT',
    )
  }
  return saveRows(org, caller, writes, { allOrNone: call.allOrNone, inTransaction: false }).map(saveResult)
}

/** Members in the order of the WSDL. */
export function saveResult(result: SaveResult): Record<string, unknown> {
  return {
    ...(result.created === undefined ? {} : { created: result.created }),
    errors: result.errors.map(errorElement),
    id: result.id,
    success: result.success,
  }
}

export function errorElement(error: SaveResult['errors'][number]): Record<string, unknown> {
  return { fields: error.fields, message: error.message, statusCode: error.statusCode }
}

/** @throws OrgError MALFORMED_ID for what is the id of no object the caller sees */
function objectOfId(org: Org, caller: Caller, id: string): string {
  const found = org.describeGlobal(caller).find((summary) => summary['keyPrefix'] === id.slice(0, 3))
  if (typeof found?.['name'] === 'string') return found['name']
  throw refusal.badInput(`malformed id ${id}`, 'MALFORMED_ID')
}
