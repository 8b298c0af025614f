import { normalizeId } from '../../schema/ids.ts'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { SaveResult } from '../../org/row-calls.ts'
import { refusal } from '../../wire/http/errors.ts'
import { saveRows, type RowWrite } from '../../wire/rows/save-rows.ts'
import type { SoapCall } from './envelope.ts'
import { readSObject, sObjectElements, type SObject } from './sobject.ts'
import { writeDuplicates } from './write-sobject.ts'
import { text, texts } from '../../wire/xml/xml.ts'

const MAX_ROWS = 200

/** `create(sObjects)`. */
export function create(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return write(call, org, caller, (row) => {
    if (row.id) throw refused('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id'])
    return { id: org.create(caller, row.type, row.fields, call.write) }
  })
}

/** `update(sObjects)`; each row carries its id. */
export function update(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return write(call, org, caller, updating(call, org, caller))
}

function updating(call: SoapCall, org: Org, caller: Caller): (row: SObject) => { id: string } {
  const read = idReader(org, caller)
  return (row) => {
    if (!row.id) throw refused('MISSING_ARGUMENT', 'Id not specified in an update call', [])
    const { id } = read(row.id)
    org.update(caller, row.type, id, row.fields, call.write)
    return { id }
  }
}

/** `upsert(externalIDFieldName, sObjects)`. */
export function upsert(call: SoapCall, org: Org, caller: Caller): unknown[] {
  const field = text(call.body, 'externalIDFieldName') ?? 'Id'
  const change = updating(call, org, caller)
  const byRecordId = field.toLowerCase() === 'id'
  const save = (row: SObject): { id: string; created: boolean } => {
    if (!byRecordId) {
      const { value, rest } = keyOf(row, field)
      return org.upsert(caller, row.type, field, value, rest, call.write)
    }
    if (row.id) return { ...change(row), created: false }
    return { id: org.create(caller, row.type, row.fields, call.write), created: true }
  }
  const creates = (row: SObject): boolean =>
    byRecordId ? !row.id : org.upsertTarget(caller, row.type, field, keyOf(row, field).value) === null
  return write(call, org, caller, save, creates)
}

/** The value of a row's key, and the other fields. Throws OrgError MISSING_ARGUMENT when it has none. */
function keyOf({ fields }: SObject, field: string): { value: string; rest: SObject['fields'] } {
  const key = Object.keys(fields).find((name) => name.toLowerCase() === field.toLowerCase())
  const { [key ?? field]: value, ...rest } = fields
  if (value === undefined || value === null) throw refused('MISSING_ARGUMENT', `${field} not specified`, [])
  return { value: String(value), rest }
}

/** `delete(ids)`. */
export function remove(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, ({ object, id }) => org.delete(caller, object, id))
}

/** `undelete(ids)`. */
export function undelete(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, ({ id }) => org.undelete(caller, id))
}

/** `emptyRecycleBin(ids)`. */
export function emptyRecycleBin(call: SoapCall, org: Org, caller: Caller): unknown[] {
  return byId(call, org, caller, ({ id }) => org.purge(caller, id))
}

/** Every row is read before the first is written: a type or field that is not there is a fault, and writes nothing. */
function write(
  call: SoapCall,
  org: Org,
  caller: Caller,
  one: (row: SObject) => { id: string; created?: boolean },
  creates?: (row: SObject) => boolean,
): unknown[] {
  const elements = sObjectElements(call.body, 'sObjects')
  checkCount(elements.length)
  const writes = elements.map((element): RowWrite => {
    const read = readOrRefuse(() => readSObject(org, caller, call, element))
    const row = (): SObject => {
      if (read instanceof OrgError) throw read
      return read
    }
    const write = (): { id: string; created?: boolean } => {
      const written = one(row())
      if (call.updateMru) org.viewed(caller, [written.id], 'view')
      return written
    }
    return creates ? { write, creates: () => creates(row()) } : { write }
  })
  return save(call, org, caller, writes)
}

/** A row, or the refusal that concerns it alone. */
function readOrRefuse(read: () => SObject): SObject | OrgError {
  try {
    return read()
  } catch (error) {
    const fault = error instanceof OrgError && ['INVALID_TYPE', 'INVALID_FIELD'].includes(error.body.errorCode)
    if (!(error instanceof OrgError) || (fault && !error.body.fields)) throw error
    return error
  }
}

function byId(
  call: SoapCall,
  org: Org,
  caller: Caller,
  one: (target: { object: string; id: string }) => void,
): unknown[] {
  const ids = texts(call.body, 'ids')
  checkCount(ids.length)
  const read = idReader(org, caller)
  const workOn = (each: string): { id: string } => {
    const target = read(each)
    one(target)
    return { id: target.id }
  }
  const writes = ids.map((each): RowWrite => ({ write: () => workOn(each) }))
  return save(call, org, caller, writes, ids)
}

function checkCount(count: number): void {
  if (count <= MAX_ROWS) return
  const message = `record limit reached. cannot submit more than ${MAX_ROWS} records into this call`
  throw refusal.badInput(message, 'EXCEEDED_ID_LIMIT')
}

function save(call: SoapCall, org: Org, caller: Caller, writes: RowWrite[], ids: string[] = []): unknown[] {
  const told = writes.map(({ write, creates }): RowWrite => ({
    write: () => inSoapTerms(write),
    ...(creates ? { creates: () => inSoapTerms(creates) } : {}),
  }))
  const results = saveRows(org, caller, told, { allOrNone: call.allOrNone, inTransaction: false })
  return results.map((result, i) => saveResult({ ...result, id: result.id ?? ids[i] ?? null }))
}

/** Rows have neither a 404 nor JSON here: an id that leads nowhere is a wrong reference, a value may be of a wrong type. */
export function inSoapTerms<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    const { errorCode, message } = error.body
    if (errorCode === 'NOT_FOUND') throw refused('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
    if (errorCode === 'JSON_PARSER_ERROR') throw refused('INVALID_TYPE_ON_FIELD_IN_RECORD', message, [])
    throw error
  }
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

/** An error of a row; one about duplicates shows them, as `DuplicateError` does. */
export function errorElement(error: SaveResult['errors'][number]): Record<string, unknown> {
  const { fields, message, statusCode } = error
  // The REST body that this comes from spells the key so.
  const duplicates: unknown = Reflect.get(error, 'duplicateResut')
  if (duplicates === undefined) return { fields, message, statusCode }
  return { '@xsi:type': 'DuplicateError', fields, message, statusCode, duplicateResult: writeDuplicates(duplicates) }
}

export function refused(errorCode: string, message: string, fields: string[]): OrgError {
  return new OrgError({ status: 400, errorCode, message, fields })
}

/** Finds the object of an id among those the caller sees; made once per call, asked for every row. */
export function idReader(org: Org, caller: Caller): (id: string) => { object: string; id: string } {
  const names = new Map(org.describeGlobal(caller).map((summary) => [summary['keyPrefix'], summary['name']]))
  return (id) => {
    const id18 = normalizeId(id)
    const object = id18 && names.get(id18.slice(0, 3))
    if (id18 && typeof object === 'string') return { object, id: id18 }
    throw refused('MALFORMED_ID', `malformed id ${id}`, [])
  }
}
