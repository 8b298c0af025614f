// The practice org's engine: records, rules and rights of an org on SQLite, without any protocol.
import type * as Org from '../org/org.ts'
import type { Caller } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { fieldAccess, isVisible, objectAccess, recordAccess } from './access.ts'
import { SAMPLE } from '../content/sample.ts'
import type { OrgContent } from '../content/content.ts'
import { Automation } from '../rules/automation.ts'
import { catalogWith } from '../schema/catalog.ts'
import { type Core, rightsOf } from '../rules/core.ts'
import { findDuplicates } from '../duplicates/find.ts'
import { deployAgain } from './deploy.ts'
import { foundOrg } from './found-org.ts'
import { findUser, listUsers } from './directory.ts'
import { wholeSecond } from '../schema/dates.ts'
import { makeId, toId18 } from '../schema/ids.ts'
import { Journal } from '../journal/journal.ts'
import { loadInOne } from './load.ts'
import type { OrgOptions, OrgSetup } from './org-options.ts'
import { Reading } from './reading.ts'
import { withRules } from '../schema/share-shape.ts'
import { openRights } from '../rights/rights.ts'
import { Sharing } from '../rights/sharing.ts'
import { keepSystemGroups } from '../write/checks/system-groups.ts'
import { openStore } from '../store/store.ts'
import { Transactions } from './transactions.ts'
import { LeavingBin } from '../write/leave-bin.ts'
import { runDueAutomation } from './run-due.ts'
import { Writing } from './writing.ts'

/** 25 for each MB of the storage that `/limits` speaks of. */
const BIN_ROWS = 25 * 10_240

/** The user as whom the org itself acts: later automation, rows that are loaded without an owner. */
const ADMIN = makeId('005', 1)

/** Opens an org, laying out tables and people when it is new. */
export function openOrg(options: OrgOptions): Org.Org {
  const { content = SAMPLE } = options
  const catalog = catalogWith({ ...options, content })
  const store = openStore(options.file, catalog)
  const orgId = options.orgId.length === 15 ? toId18(options.orgId) : options.orgId
  const sharing = new Sharing(store, catalog, { ...options, sharing: withRules(options.sharing, content.sharingRules) })
  const rights = openRights(store, catalog, sharing)
  const automation = new Automation(store, options.now)
  const now = () => wholeSecond(options.now())
  const org = new Engine({ orgId, store, catalog, rights, sharing, automation, now }, { ...options, content })
  try {
    if (org.users().length === 0) org.settle()
    else org.deploy()
    return org
  } catch (error) {
    store.close()
    throw error
  }
}

class Engine implements Org.Org {
  readonly orgId: string
  readonly tables: Org.Tables
  private readonly core: Core
  private readonly journal: Journal
  private readonly writes: Transactions
  private readonly reading: Reading
  private readonly writing: Writing
  private readonly setup: OrgSetup
  private readonly content: OrgContent

  constructor(core: Core, options: OrgOptions & { content: OrgContent }) {
    const { enriched = {}, recycleBinRows = BIN_ROWS } = options
    this.core = core
    this.setup = options
    this.content = options.content
    this.orgId = core.orgId
    const { store } = core
    this.tables = {
      select: (sql, params = []) => store.select(sql, params),
      run: (sql, params) => void store.run(sql, params),
    }
    this.journal = new Journal({ ...core, enriched, key: options.content.logKey })
    this.writes = new Transactions(core, this.journal)
    const leaving = new LeavingBin(core, recycleBinRows)
    const runDue = (): void => {
      if (this.writes.isRunning) return
      runDueAutomation(core, this.writes, ADMIN)
      leaving.clear()
    }
    this.reading = new Reading(core, runDue)
    this.writing = new Writing(core, this.writes, runDue)
  }

  /** Fills an empty database with the org's own rows. */
  settle(): void {
    foundOrg(this.core, ADMIN, this.setup, this.content)
    this.complete()
  }

  /** Brings an org that was kept up to the content. Throws EarlierOrgError. */
  deploy(): void {
    this.core.store.loading(0, () => deployAgain(this.core, this.content, ADMIN))
    this.complete()
  }

  /** Makes good what follows from the org's own rows and from its setup. */
  complete(): void {
    const { store, catalog, sharing, rights, now } = this.core
    keepSystemGroups(store, catalog, now(), ADMIN)
    sharing.tell()
    rights.forget()
  }

  users = (): Org.User[] => listUsers(this.core)
  user = (idOrUsername: string): Org.User | undefined => findUser(this.core, idOrUsername)

  describeGlobal: Org.Org['describeGlobal'] = (...args) => this.reading.describeGlobal(...args)
  describe: Org.Org['describe'] = (...args) => this.reading.describe(...args)
  layouts: Org.Org['layouts'] = (...args) => this.reading.layouts(...args)
  retrieve: Org.Org['retrieve'] = (...args) => this.reading.retrieve(...args)
  blob: Org.Org['blob'] = (...args) => this.reading.blob(...args)
  viewed: Org.Org['viewed'] = (...args) => this.reading.viewed(...args)
  query: Org.Org['query'] = (...args) => this.reading.query(...args)
  queryMore: Org.Org['queryMore'] = (...args) => this.reading.queryMore(...args)
  checkQuery: Org.Org['checkQuery'] = (...args) => this.reading.checkQuery(...args)
  search: Org.Org['search'] = (...args) => this.reading.search(...args)
  setSearchLag: Org.Org['setSearchLag'] = (...args) => this.reading.setSearchLag(...args)

  transaction = <T>(caller: Caller, work: () => T): T => this.writing.transaction(caller, work)
  create: Org.Org['create'] = (...args) => this.writing.create(...args)
  update: Org.Org['update'] = (...args) => this.writing.update(...args)
  upsert: Org.Org['upsert'] = (...args) => this.writing.upsert(...args)
  upsertTarget: Org.Org['upsertTarget'] = (...args) => this.writing.upsertTarget(...args)
  delete: Org.Org['delete'] = (...args) => this.writing.delete(...args)
  undelete: Org.Org['undelete'] = (...args) => this.writing.undelete(...args)
  purge: Org.Org['purge'] = (...args) => this.writing.purge(...args)
  merge: Org.Org['merge'] = (...args) => this.writing.merge(...args)
  convertLead: Org.Org['convertLead'] = (...args) => this.writing.convertLead(...args)

  findDuplicates = (caller: Caller, object: string, fields: Record<string, Value>, id?: string) =>
    findDuplicates(this.core, caller, object, fields, id)
  recordAccess = (userId: string, recordId: string) => recordAccess(this.core, userId, recordId)
  isVisible = (userId: string, recordId: string) => isVisible(this.core, userId, recordId)
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

  setAutomation(rules: unknown): void {
    const { automation, sharing, rights } = this.core
    automation.use(rules)
    sharing.order(automation.sharing)
    rights.forget()
  }

  automation = () => this.core.automation.current

  onRowLock(watcher: () => void): void {
    this.core.automation.onRowLock = watcher
  }

  close(): void {
    this.core.store.close()
  }
}
