// What the parts of the query compiler share while they work on one query.
import type { Query } from '@jetstreamapp/soql-parser-js'
import type { Catalog } from '../../schema/catalog.ts'
import { queryRefusal } from '../../schema/refuse.ts'
import type { UserRights } from '../../rights/rights.ts'
import type { Store } from '../../store/store.ts'

import type { KeptRows } from './row-numbers.ts'
import type { OrgError } from '../../org/org.ts'

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

export const malformed = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('MALFORMED_QUERY', context.soql, token, reason)
export const invalidField = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_FIELD', context.soql, token, reason)
/** INVALID_FIELD for a field that is filtered by, marked where it is. */
export const filterRefusal = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_FIELD', context.soql, token, reason, 'WHERE')
export const invalidType = (context: QueryContext, token: string, reason: string): OrgError =>
  queryRefusal('INVALID_TYPE', context.soql, token, reason)
