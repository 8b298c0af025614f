// The practice org as its protocols see it: records, rules and rights behind one interface, without HTTP, XML or Avro.
// `engine/` implements it; `doors/` (REST, SOAP, Bulk, OAuth, Pub/Sub, CometD, practice) call it.
import type { Value, RecordJson } from './values.ts'
import type { LeadConvertRequest, LeadConvertResult, MergeRequest, MergeResult } from './row-calls.ts'
import type { ObjectLayouts } from './object-layouts.ts'

/** One refusal, in the words and codes of a Salesforce org. `status` is the HTTP status of the row endpoints. */
export interface OrgErrorBody {
  errorCode: string
  message: string
  fields?: string[]
  status: number
  /** Extra members of the REST error body, e.g. the duplicate result of DUPLICATES_DETECTED. */
  extra?: Record<string, unknown>
}

/** Thrown by every method below when an org would refuse the whole request. */
export class OrgError extends Error {
  readonly body: OrgErrorBody
  constructor(body: OrgErrorBody) {
    super(`${body.errorCode}: ${body.message}`)
    this.body = body
  }
}

/** Who calls, over which door; recorded in the transaction log and in change events' `changeOrigin`. */
export interface Caller {
  userId: string
  /** `rest`, `soap`, `bulkapi`, or `ui` for the Lightning page (empty changeOrigin). */
  api: 'rest' | 'soap' | 'bulkapi' | 'ui'
  /** `31.0` … `67.0`; record `attributes.url` carries it. */
  version: string
  /** `client=` of Sforce-Call-Options, if any. */
  client?: string
}

export interface User {
  id: string
  username: string
  name: string
  email: string
  profileName: string
  isActive: boolean
  /** Developer names. */
  customPermissions: string[]
  /** Names of the Apex classes that profile and permission sets let the user call. */
  apexClasses: string[]
  /** Developer names of the public groups the user is a direct member of, e.g. `RevOps`. */
  groups: string[]
}

export interface QueryPage {
  totalSize: number
  done: boolean
  /** Path suffix `01g…-2000` for the next page when `done` is false. */
  nextLocator?: string
  records: RecordJson[]
  entityType?: string
}

/** The content of a blob field. */
export interface Blob {
  bytes: Buffer
  contentType: string
}

/** One committed change event, before Avro. Fields absent from `fields` did not change. */
export interface ChangeEvent {
  /** Monotonic across the org; the Pub/Sub replay id is its 8 big-endian bytes. */
  replayId: number
  /** `LeadChangeEvent`, `AccountChangeEvent`, … */
  topic: string
  header: {
    entityName: string
    recordIds: string[]
    changeType:
      | 'CREATE'
      | 'UPDATE'
      | 'DELETE'
      | 'UNDELETE'
      | 'GAP_UPDATE'
      | 'GAP_CREATE'
      | 'GAP_DELETE'
      | 'GAP_UNDELETE'
      | 'GAP_OVERFLOW'
    changeOrigin: string
    transactionKey: string
    sequenceNumber: number
    commitTimestamp: number
    commitUser: string
    commitNumber: number
    nulledFields: string[]
    changedFields: string[]
  }
  fields: Record<string, Value>
  /** Values that did not change, for the channels that are enriched with them. */
  enriched?: Record<string, Value>
}

/** A record that a committed transaction changed, whether or not its object is selected for change events. */
export interface RecordChange {
  object: string
  id: string
  type: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'
  changed: string[]
  userId: string
}

/** An event that no write of a record made: a platform event, a streaming notification, a gap or an overflow. */
export interface EventDraft {
  /** `Practice_Signal__e`, `LeadChangeEvent`, or any name that no change event has. */
  topic: string
  entityName: string
  /** Without it `CREATE`, which says nothing for topics other than change events. */
  changeType?: ChangeEvent['header']['changeType']
  recordIds?: string[]
  fields: Record<string, Value>
}

/** One committed (or refused) write, as tests and `GET /practice/transactions` read it. */
export interface Transaction {
  n: number
  at: string
  userId: string
  username: string
  api: string
  client: string
  committed: boolean
  /** What a record created in this transaction names it, where the org's content has a field for it. */
  key: string | null
  operations: {
    verb: 'create' | 'update' | 'delete' | 'undelete' | 'purge' | 'merge' | 'convertLead'
    object: string
    id: string | null
    fields?: Record<string, Value>
    error?: string
  }[]
}

/** Per-call options that headers carry. */
export interface WriteOptions {
  allowSaveOnDuplicate?: boolean
  /** SOAP OwnerChangeOptions by type, e.g. `{ KeepAccountTeam: true, TransferOpenOpportunities: false }`; absent = the API's defaults. */
  ownerChange?: Record<string, boolean>
  /** HTTP If-Unmodified-Since as epoch ms; fails with status 412. */
  ifUnmodifiedSince?: number
}

/** SQL on the org's own file, for what a door keeps besides records: written inside `transaction`, it commits with them. */
export interface Tables {
  select(sql: string, params?: readonly (string | number | null)[]): (string | number | null)[][]
  run(sql: string, params?: readonly (string | number | null)[]): void
}

/** What a user may do with an object's records; `viewAll` reads them whoever shares them. */
export interface ObjectAccess {
  read: boolean
  create: boolean
  edit: boolean
  delete: boolean
  viewAll: boolean
}

export interface Org {
  readonly orgId: string
  readonly tables: Tables
  users(): User[]
  user(idOrUsername: string): User | undefined

  describeGlobal(caller: Caller): Record<string, unknown>[]
  describe(caller: Caller, object: string): Record<string, unknown>
  /** The layouts of an object, and its picklists, by record type. Throws OrgError NOT_FOUND. */
  layouts(caller: Caller, object: string): ObjectLayouts

  retrieve(caller: Caller, object: string, id: string, fields?: string[]): RecordJson
  /** First page; `all` includes deleted rows as queryAll does. */
  query(caller: Caller, soql: string, options?: { all?: boolean; batchSize?: number }): QueryPage
  queryMore(caller: Caller, locator: string): QueryPage
  /** Reads no row. Throws OrgError what `query` would refuse the text with. */
  checkQuery(caller: Caller, soql: string): void
  /** SOSL; rows shaped as `searchRecords`. The index lags by the fault setting `searchLagSeconds`. */
  search(caller: Caller, sosl: string): RecordJson[]

  /** The bytes of a blob field. Throws OrgError NOT_FOUND when the row has none there. */
  blob(caller: Caller, object: string, id: string, field: string): Blob
  /** Remembers that the caller viewed these records now, or referred to them; those he may not see are passed over. */
  viewed(caller: Caller, ids: readonly string[], how: 'view' | 'reference'): void

  /**
   * Runs `work` in one transaction: everything it wrote is committed together, with one log entry and one
   * transactionKey for its change events; when it throws, nothing stays. Must not be nested; `work` is synchronous.
   */
  transaction<T>(caller: Caller, work: () => T): T
  /** The four row verbs throw OrgError; outside `transaction` each is its own. */
  create(caller: Caller, object: string, fields: Record<string, Value>, options?: WriteOptions): string
  update(caller: Caller, object: string, id: string, fields: Record<string, Value>, options?: WriteOptions): void
  upsert(
    caller: Caller,
    object: string,
    externalIdField: string,
    value: string,
    fields: Record<string, Value>,
    options?: WriteOptions,
  ): { id: string; created: boolean }
  /** The id of the record that an upsert by this key would update, null when it would create one. Throws OrgError as `upsert` does. */
  upsertTarget(caller: Caller, object: string, externalIdField: string, value: string): string | null
  delete(caller: Caller, object: string, id: string): void
  undelete(caller: Caller, id: string): void
  /** Empties the recycle bin of a deleted record and what was deleted with it: it is gone for good. */
  purge(caller: Caller, id: string): void
  merge(caller: Caller, request: MergeRequest): MergeResult
  convertLead(caller: Caller, request: LeadConvertRequest): LeadConvertResult
  /**
   * What the duplicate rules of the object find for these values, or for a record with these values laid over its own: one
   * `DuplicateResult` per rule. Saves nothing.
   */
  findDuplicates(caller: Caller, object: string, fields: Record<string, Value>, id?: string): Record<string, unknown>[]

  /**
   * What the user may do: used by Apex stand-ins and by UserRecordAccess. `edit`/`delete` need object CRUD and sharing.
   */
  recordAccess(userId: string, recordId: string): { read: boolean; edit: boolean; delete: boolean; transfer: boolean }
  /** Whether the user may know of the record, be it deleted or not. */
  isVisible(userId: string, recordId: string): boolean
  fieldAccess(userId: string, object: string, field: string): { read: boolean; edit: boolean }
  objectAccess(userId: string, object: string): ObjectAccess
  /** Whether a profile or permission set gives the user a system permission, e.g. `BulkApiHardDelete`. */
  systemPermission(userId: string, permission: string): boolean

  /** Avro-ready description of a change-event topic: field names in schema order with their describe types. */
  eventFields(topic: string): { name: string; type: string }[] | undefined
  /** Events of these topics in order. `ChangeEvents` stands for every change event, `*` for whatever is kept. */
  eventsAfter(topics: string | readonly string[], replayId: number, limit: number): ChangeEvent[]
  /** Keeps and announces events as they are: at once, or with the transaction that runs. In order, one per draft. */
  emit(caller: Caller, drafts: EventDraft[]): ChangeEvent[]
  /** The oldest event, of any topic, within the time for which events of these topics are kept; undefined when none is. */
  oldestReplayId(topics: string | readonly string[]): number | undefined
  latestReplayId(): number
  /** Called after each commit that produced events; returns the unsubscriber. `/data/ChangeEvents` listeners filter by topic themselves. */
  onEvents(listener: (events: ChangeEvent[]) => void): () => void

  /** Called after each commit that changed records; returns the unsubscriber. */
  onChanges(watcher: (changes: RecordChange[]) => void): () => void

  transactions(after?: number): Transaction[]
  /** Deletes every record and loads `load` again; used by `POST /practice/reset` and `--fresh`. */
  reset(load: (org: Org) => void): void
  /** Loads rows without rules, events or log, keeping given ids and dates: for the seed only. */
  load(object: string, rows: Record<string, Value>[]): string[]
  /** Makes everything `work` loads, about `rows` rows, one transaction: all of it stays or nothing. */
  loading<T>(rows: number, work: () => T): T
  isEmpty(): boolean
  setSearchLag(seconds: number): void
  /** Replaces the rules by which the org pushes back: validation at save and later field changes (rules/automation.ts). */
  setAutomation(rules: unknown): void
  /** The rules in force, as `setAutomation` takes them, less the tries of row locks that are used up. */
  automation(): unknown
  /** Calls the watcher, the only one, whenever a row lock has refused a write. */
  onRowLock(watcher: () => void): void
  close(): void
}
