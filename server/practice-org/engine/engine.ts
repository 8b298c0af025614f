// The practice org's engine: records, rules and rights of an org on SQLite, without any protocol.
import type * as Org from '../org.ts'
import type { Caller, Value, WriteOptions } from '../org.ts'
import { fieldAccess, objectAccess, recordAccess } from './access.ts'
import { Automation } from './automation.ts'
import { blobOf } from './blob.ts'
import { catalogWith } from './catalog.ts'
import { type Core, liveRow, readableObject, rightsOf } from './core.ts'
import { describeObject, summary } from './describe.ts'
import { findDuplicates } from './duplicates/find.ts'
import { foundOrg } from './found-org.ts'
import { findUser, listUsers } from './directory.ts'
import { makeId, normalizeId, toId18 } from './ids.ts'
import { Journal } from './journal.ts'
import { loadInOne } from './load.ts'
import { notFound, rowErrors, unknownField } from './refuse.ts'
import type { OrgOptions, OrgSetup } from './options.ts'
import { openRights } from './rights.ts'
import { type Looked, markViewed, viewDates } from './recently-viewed.ts'
import { findRecords } from './search/find.ts'
import type { QueryContext } from './soql/context.ts'
import { Cursors, runQuery, runQueryMore, tryQuery } from './soql/query.ts'
import { openStore } from './store.ts'
import { Transactions } from './transactions.ts'
import { recordJson } from './values.ts'
import { runDueAutomation } from './write/run-due.ts'
import { convertLeadRecord } from './write/convert-lead.ts'
import { createRecord } from './write/create.ts'
import { deleteRecord } from './write/delete.ts'
import { mergeRecords } from './write/merge.ts'
import { purgeRecord } from './write/recycle-bin.ts'
import { undeleteRecord } from './write/undelete.ts'
import { updateRecord } from './write/update.ts'
import { upsertRecord } from './write/upsert.ts'

/** The user as whom the org itself acts: later automation, rows that are loaded without an owner. */
const ADMIN = makeId('005', 1)

/** Opens an org, laying out tables and people when it is new. */
export function openOrg(options: OrgOptions): Org.Org {
  const catalog = catalogWith(options)
  const store = openStore(options.file, catalog)
  const orgId = options.orgId.length === 15 ? toId18(options.orgId) : options.orgId
  const rights = openRights(store, catalog)
  const automation = new Automation(store, options.now)
  const org = new Engine({ orgId, store, catalog, rights, automation, now: options.now }, options.enriched, options)
  if (org.users().length === 0) org.settle()
  return org
}

class Engine implements Org.Org {
  readonly orgId: string
  readonly tables: Org.Tables
  private readonly core: Core
  private readonly journal: Journal
  private readonly writes: Transactions
  private readonly cursors = new Cursors()
  private searchLagMs = 0
  private readonly setup: OrgSetup

  constructor(core: Core, enriched: Record<string, string[]> = {}, setup: OrgSetup = {}) {
    this.core = core
    this.setup = setup
    this.orgId = core.orgId
    const { store } = core
    this.tables = {
      select: (sql, params = []) => store.select(sql, params),
      run: (sql, params) => void store.run(sql, params),
    }
    this.journal = new Journal({ ...core, enriched })
    this.writes = new Transactions(core, this.journal)
  }

  /** Fills an empty database with the org's own rows. */
  settle(): void {
    foundOrg(this.core, ADMIN, this.setup)
  }

  users = (): Org.User[] => listUsers(this.core)
  user = (idOrUsername: string): Org.User | undefined => findUser(this.core, idOrUsername)

  describeGlobal(caller: Caller): Record<string, unknown>[] {
    const user = rightsOf(this.core, caller.userId)
    const seen = this.core.catalog.objects.filter((object) => user.object(object).read)
    return seen
      .map((object) => summary(object, user, caller.version))
      .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1))
  }

  describe(caller: Caller, name: string): Record<string, unknown> {
    const user = rightsOf(this.core, caller.userId)
    const object = this.core.catalog.find(name)
    if (!object || !user.object(object).read) throw notFound()
    const { catalog, store, automation } = this.core
    const usable = automation.recordTypes(object, user.profile)
    return describeObject(catalog, store, object, user, caller.version, automation.dependencies, usable)
  }

  retrieve(caller: Caller, name: string, id: string, fields?: string[]): Org.RecordJson {
    this.runDue()
    const user = rightsOf(this.core, caller.userId)
    const object = readableObject(this.core, user, name)
    const row = liveRow(this.core, user, object, id)
    const wanted = fields?.map((each) => {
      const field = object.byName.get(each.trim().toLowerCase())
      if (!field || !user.readable(object, field)) throw unknownField(each, object.name)
      return field
    })
    const all = () => object.fields.filter((field) => user.readable(object, field))
    const idField = object.byName.get('id')
    const chosen = wanted ? [...new Set([...wanted, ...(idField ? [idField] : [])])] : all()
    const dates = viewDates(this.core.store, user.userId, object, String(row['Id']))
    return recordJson(object, { ...row, ...dates }, chosen, caller.version)
  }

  blob(caller: Caller, name: string, id: string, fieldName: string): Org.Blob {
    return blobOf(this.core, rightsOf(this.core, caller.userId), name, id, fieldName)
  }

  viewed = (caller: Caller, ids: readonly string[], how: Looked): void =>
    markViewed(this.core, rightsOf(this.core, caller.userId), ids, how)

  private contextFor(caller: Caller): (soql: string, all?: boolean) => QueryContext {
    const { store, catalog, now } = this.core
    const rights = rightsOf(this.core, caller.userId)
    return (soql, all = false) => {
      let aliases = 0
      return {
        store,
        catalog,
        rights,
        soql,
        all,
        version: caller.version,
        now: now(),
        timeoutRows: this.core.automation.queryTimeoutRows,
        keep: (query, rows, batch) =>
          this.cursors.add({ userId: caller.userId, soql, query, all, rows, batch, openedAt: now() }),
        access: (userId, recordId) => this.recordAccess(userId, recordId),
        alias: () => `t${aliases++}`,
      }
    }
  }

  query(caller: Caller, soql: string, options?: { all?: boolean; batchSize?: number }): Org.QueryPage {
    this.runDue()
    return runQuery(this.cursors, this.contextFor(caller), soql, options)
  }

  queryMore(caller: Caller, locator: string): Org.QueryPage {
    return runQueryMore(this.cursors, this.contextFor(caller), caller.userId, locator, this.core.now())
  }

  checkQuery = (caller: Caller, soql: string): void => tryQuery(this.contextFor(caller), soql)

  search(caller: Caller, sosl: string): Org.RecordJson[] {
    this.runDue()
    return findRecords(this.contextFor(caller), sosl, this.searchLagMs)
  }

  transaction<T>(caller: Caller, work: () => T): T {
    this.runDue()
    return this.writes.run(caller, work)
  }

  create(caller: Caller, object: string, fields: Record<string, Value>, options?: WriteOptions): string {
    this.runDue()
    const operation = { verb: 'create' as const, object: this.nameOf(object), id: null, fields }
    return this.writes.step(
      caller,
      operation,
      (write) => createRecord(write, object, fields, options),
      (id) => id,
    )
  }

  update(caller: Caller, object: string, id: string, fields: Record<string, Value>, options?: WriteOptions): void {
    this.runDue()
    const operation = { verb: 'update' as const, object: this.nameOf(object), id: normalizeId(id) ?? id, fields }
    this.writes.step(
      caller,
      operation,
      (write) => updateRecord(write, object, id, fields, options),
      () => null,
    )
  }

  upsert(
    caller: Caller,
    object: string,
    externalIdField: string,
    value: string,
    fields: Record<string, Value>,
    options?: WriteOptions,
  ): { id: string; created: boolean } {
    this.runDue()
    const target = upsertRecord(this.core, caller, object, externalIdField, value, fields)
    if (target.id === null) return { id: this.create(caller, object, target.fields, options), created: true }
    this.update(caller, object, target.id, target.fields, options)
    return { id: target.id, created: false }
  }

  delete(caller: Caller, object: string, id: string): void {
    this.runDue()
    const operation = { verb: 'delete' as const, object: this.nameOf(object), id: normalizeId(id) ?? id }
    this.writes.step(
      caller,
      operation,
      (write) => deleteRecord(write, object, id),
      () => null,
    )
  }

  undelete = (caller: Caller, id: string): void => this.withBinned('undelete', caller, id, undeleteRecord)
  purge = (caller: Caller, id: string): void => this.withBinned('purge', caller, id, purgeRecord)

  private withBinned(verb: 'undelete' | 'purge', caller: Caller, id: string, work: typeof undeleteRecord): void {
    this.runDue()
    const object = this.core.catalog.byPrefix(id)?.name ?? ''
    this.writes.step(
      caller,
      { verb, object, id: normalizeId(id) ?? id },
      (write) => work(write, id),
      () => null,
    )
  }

  merge(caller: Caller, request: Org.MergeRequest): Org.MergeResult {
    this.runDue()
    const fields = { ...request.fields, loserIds: request.loserIds.join(',') }
    const operation = { verb: 'merge' as const, object: this.nameOf(request.type), id: request.masterId, fields }
    try {
      return this.writes.step(
        caller,
        operation,
        (write) => mergeRecords(write, request),
        (result) => result.id,
      )
    } catch (error) {
      const errors = rowErrors(error)
      return {
        id: normalizeId(request.masterId) ?? request.masterId,
        success: false,
        mergedRecordIds: [],
        updatedRelatedIds: [],
        errors,
      }
    }
  }

  convertLead(caller: Caller, request: Org.LeadConvertRequest): Org.LeadConvertResult {
    this.runDue()
    const { leadId } = request
    const plain = Object.entries(request).filter(([name, value]) => name !== 'leadId' && typeof value !== 'object')
    const fields = Object.fromEntries(plain) as Record<string, Value>
    const operation = { verb: 'convertLead' as const, object: 'Lead', id: leadId, fields }
    try {
      return this.writes.step(
        caller,
        operation,
        (write) => convertLeadRecord(write, request),
        () => leadId,
      )
    } catch (error) {
      const errors = rowErrors(error)
      return { leadId, accountId: null, contactId: null, opportunityId: null, success: false, errors }
    }
  }

  private nameOf(object: string): string {
    return this.core.catalog.find(object)?.name ?? object
  }

  private runDue(): void {
    if (!this.writes.isRunning) runDueAutomation(this.core, this.writes, ADMIN)
  }

  findDuplicates = (caller: Caller, object: string, fields: Record<string, Value>, id?: string) =>
    findDuplicates(this.core, caller, object, fields, id)
  recordAccess = (userId: string, recordId: string) => recordAccess(this.core, userId, recordId)
  fieldAccess = (userId: string, object: string, field: string) => fieldAccess(this.core, userId, object, field)
  objectAccess = (userId: string, object: string) => objectAccess(this.core, userId, object)
  systemPermission = (userId: string, permission: string) => rightsOf(this.core, userId).system.has(permission)

  eventFields = (topic: string) => this.journal.eventFields(topic)
  eventsAfter = (topics: string | readonly string[], replayId: number, limit: number) =>
    this.journal.eventsAfter(topics, replayId, limit)
  emit = (caller: Caller, drafts: Org.EventDraft[]) => this.writes.emit(caller, drafts)
  oldestReplayId = (topics: string | readonly string[]) => this.journal.oldestReplayId(topics)
  latestReplayId = () => this.journal.latestReplayId()
  onEvents = (listener: (events: Org.ChangeEvent[]) => void) => this.journal.onEvents(listener)
  onChanges = (watcher: (changes: Org.RecordChange[]) => void) => this.journal.onChanges(watcher)
  transactions = (after = 0) => this.journal.transactions(after)

  reset(load: (org: Org.Org) => void): void {
    this.core.store.exec('BEGIN IMMEDIATE')
    this.core.store.clear()
    this.core.store.exec('COMMIT')
    this.core.rights.forget()
    this.settle()
    load(this)
  }

  load = (object: string, rows: Record<string, Value>[]): string[] => loadInOne(this.core, [[object, rows]], ADMIN)

  loading = <T>(rows: number, work: () => T): T => this.core.store.loading(rows, work)

  isEmpty(): boolean {
    const { store } = this.core
    return ['Account', 'Lead', 'Contact'].every(
      (object) => store.select(`SELECT 1 FROM "${object}" LIMIT 1`, []).length === 0,
    )
  }

  setSearchLag(seconds: number): void {
    this.searchLagMs = seconds * 1000
  }

  setAutomation(rules: unknown): void {
    this.core.automation.use(rules)
  }

  close(): void {
    this.core.store.close()
  }
}
