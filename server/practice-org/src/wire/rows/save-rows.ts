// Rows written several at a time, as both collections (REST) and create/update/upsert/delete (SOAP) do it.

import { OrgError, type Caller, type Org } from '../../org/org.ts'
import type { SaveResult } from '../../org/row-calls.ts'

export interface RowWrite {
  /** Throws OrgError when the org refuses the row. */
  write: () => { id: string; created?: boolean }
  /** Of an upsert: whether its key names no record yet, asked before the write. Throws OrgError when the key is refused. */
  creates?: () => boolean
}

export interface SaveOptions {
  allOrNone: boolean
  /** A transaction is already open: do not open another, and leave the rollback to who opened it. */
  inTransaction: boolean
}

class RolledBack extends Error {
  readonly results: SaveResult[]
  constructor(results: SaveResult[]) {
    super('rolled back because a row failed')
    this.results = results
  }
}

const ROLLED_BACK = {
  statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
  fields: [],
}

/** One result per write, in order. With allOrNone nothing stays when one fails. */
export function saveRows(org: Org, caller: Caller, writes: RowWrite[], options: SaveOptions): SaveResult[] {
  if (!options.allOrNone || options.inTransaction) return finish(writes.map(attempt), options)
  try {
    return org.transaction(caller, () => {
      const results = writes.map(attempt)
      if (results.some((result) => !result.success)) throw new RolledBack(finish(results, options))
      return results
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.results
    throw error
  }
}

/** A row's result; that of an upsert says what the key asked for, though the row be refused. */
function attempt({ write, creates }: RowWrite): SaveResult {
  let kind = creates ? { created: false } : {}
  try {
    if (creates) kind = { created: creates() }
    return { ...write(), success: true, errors: [] }
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    return { ...failed(error), ...kind }
  }
}

/** The refusal of one row in the shape of collections and SOAP: `statusCode` instead of `errorCode`. */
export function failed(error: OrgError): SaveResult {
  const { errorCode, message, fields, extra } = error.body
  if (errorCode === 'MULTIPLE_CHOICES') return { id: null, success: false, errors: [severalMatches(error)] }
  return { id: null, success: false, errors: [{ statusCode: errorCode, message, fields: fields ?? [], ...extra }] }
}

/** Where a row is refused, several matches of its external id are no status of their own. */
function severalMatches({ body }: OrgError): SaveResult['errors'][number] {
  const urls: unknown = body.extra?.['urls']
  const ids = Array.isArray(urls) ? urls.map((url) => String(url).split('/').at(-1)) : []
  const message = `more than one record found for external id field: [${ids.join(', ')}]`
  return { statusCode: 'DUPLICATE_EXTERNAL_ID', message, fields: [] }
}

function finish(results: SaveResult[], options: SaveOptions): SaveResult[] {
  if (!options.allOrNone || results.every((result) => result.success)) return results
  return results.map((result) =>
    result.success ? { ...result, id: null, success: false, errors: [ROLLED_BACK] } : result,
  )
}
