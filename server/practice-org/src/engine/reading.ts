// What callers read of an org: descriptions, records, queries, searches.
import type * as Org from '../org/org.ts'
import type { RecordJson } from '../org/values.ts'
import type { Caller } from '../org/org.ts'
import { blobOf } from './blob.ts'
import type { ObjectDef } from '../schema/catalog.ts'
import { type Core, liveRow, readableObject, rightsOf } from '../rules/core.ts'
import { describeObject, summary } from '../describe/describe.ts'
import { type Looked, markViewed, viewDates } from '../query/terms/recently-viewed.ts'
import { layoutsFor, namedLayouts } from '../describe/page-layouts.ts'
import type { ObjectLayouts } from '../org/object-layouts.ts'
import { notFound, unknownField } from '../schema/refuse.ts'
import type { UserRights } from '../rights/rights.ts'
import { findRecords } from '../search/find.ts'
import type { QueryContext } from '../query/terms/context.ts'
import { Cursors, runQuery, runQueryMore, tryQuery } from '../query/query.ts'
import { recordJson } from '../store/values.ts'
import { recordAccess } from './access.ts'

export class Reading {
  private readonly core: Core
  private readonly runDue: () => void
  private readonly cursors = new Cursors()
  private searchLagMs = 0

  /** @param runDue runs later automation whose time has come: to be called before records are looked at */
  constructor(core: Core, runDue: () => void) {
    this.core = core
    this.runDue = runDue
  }

  setSearchLag(seconds: number): void {
    this.searchLagMs = seconds * 1000
  }

  describeGlobal(caller: Caller): Record<string, unknown>[] {
    const user = rightsOf(this.core, caller.userId)
    const seen = this.core.catalog.objects.filter((object) => user.object(object).read)
    return seen
      .map((object) => summary(object, user, caller.version))
      .sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1))
  }

  describe(caller: Caller, name: string): Record<string, unknown> {
    const { object, user } = this.described(caller, name)
    const { catalog, store, automation } = this.core
    const usable = automation.recordTypes(object, user.profile)
    const described = describeObject(catalog, store, object, user, caller.version, automation.dependencies, usable)
    const base = `/services/data/v${caller.version}/sobjects/${object.name}/describe/namedLayouts`
    const namedLayoutInfos = namedLayouts(automation, object).map((layout) => ({
      name: layout,
      urls: { layout: `${base}/${layout}` },
    }))
    return { ...described, namedLayoutInfos }
  }

  layouts(caller: Caller, name: string): ObjectLayouts {
    const { object, user } = this.described(caller, name)
    return layoutsFor(this.core, object, user)
  }

  /** An object that the caller may know of. */
  private described(caller: Caller, name: string): { object: ObjectDef; user: UserRights } {
    const user = rightsOf(this.core, caller.userId)
    const object = this.core.catalog.find(name)
    if (!object || !user.object(object).read) throw notFound()
    return { object, user }
  }

  retrieve(caller: Caller, name: string, id: string, fields?: string[]): RecordJson {
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
        access: (userId, recordId) => recordAccess(this.core, userId, recordId),
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

  search(caller: Caller, sosl: string): RecordJson[] {
    this.runDue()
    return findRecords(this.contextFor(caller), sosl, this.searchLagMs)
  }
}
