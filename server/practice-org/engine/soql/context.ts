// What the parts of the query compiler share while they work on one query.
import type { Query } from '@jetstreamapp/soql-parser-js'
import type { Catalog } from '../catalog.ts'
import { queryRefusal } from '../refuse.ts'
import type { UserRights } from '../rights.ts'
import type { Store, Stored } from '../store.ts'
import type { KeptRows } from './kept-rows.ts'
import type { OrgError } from '../../org.ts'

/** A piece of SQL with the values of its question marks. */
export interface Sql {
  text: string
  params: Stored[]
}

export interface QueryContext {
  store: Store
  catalog: Catalog
  rights: UserRights
  /** The query as sent, echoed in refusals. */
  soql: string
  /** Deleted rows count too, as in queryAll. */
  all: boolean
  /** API version for `attributes.url`, e.g. `66.0`. */
  version: string
  now: number
  /** What a user may do with one record, for UserRecordAccess. */
  access(userId: string, recordId: string): { read: boolean; edit: boolean; delete: boolean; transfer: boolean }
  /** Tables with more rows refuse filters that no index helps. */
  timeoutRows: number | undefined
  /** Keeps rows for later pages and gives their locator; only where a call can be continued. */
  keep?(query: Query, rows: KeptRows, batch: number): string
  /** A table alias not used before in this query. */
  alias(): string
}

export const sql = (text: string, params: Stored[] = []): Sql => ({ text, params })

export function joinSql(parts: Sql[], separator: string): Sql {
  return { text: parts.map((part) => part.text).join(separator), params: parts.flatMap((part) => part.params) }
}

export const malformed = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('MALFORMED_QUERY', context.soql, token, reason)
export const invalidField = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_FIELD', context.soql, token, reason)
/** INVALID_FIELD for a field that is filtered by, marked where it is. */
export const filterRefusal = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_FIELD', context.soql, token, reason, 'WHERE')
export const invalidType = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_TYPE', context.soql, token, reason)
