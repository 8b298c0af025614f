// The rows that a user may read, as a list to start from, where sharing leaves him few of them.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import {
  accountWays,
  byShares,
  byTeam,
  byTerritory,
  implicitChildren,
  ownWays,
  ruleWays,
  type Standing,
} from './shared-rows.ts'
import type { Child } from '../schema/share-shape.ts'
import type { Sharing } from './sharing.ts'
import { hasIndex, quote, type Store } from '../store/store.ts'
import type { Stored } from '../store/row.ts'

/** Row numbers (`_n`) as a JSON array, for `json_each`. */
export interface SeenRows {
  count: number
  numbers: string
}

/** Beyond so many rows asking of each row that is wanted whether he may see it is as good. */
const FEW = 20_000
/** So many writes later somebody who saw too much for a list may be asked again. */
const UNTIL_ASKED_AGAIN = 5_000
/** Among so many rows those of a rule are not looked for without an index. */
const MANY = 50_000

interface Access {
  read: boolean
  viewAll: boolean
  modifyAll: boolean
}
type Select = [sql: string, params: Stored[]]
interface Of {
  store: Store
  catalog: Catalog
  sharing: Sharing
  user: Standing
  access(object: ObjectDef): Access
}

/**
 * Lists of one user, by object, as long as nothing is written. They hold what the conditions of sharing
 * (sharing/conditions.ts) keep.
 */
export class SeenLists {
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly sharing: Sharing
  private readonly user: Standing
  private readonly access: (object: ObjectDef) => Access
  private readonly known = new Map<string, { at: number; rows: SeenRows | undefined }>()
  private readonly underway = new Set<string>()

  constructor({ store, catalog, sharing, user, access }: Of) {
    this.store = store
    this.catalog = catalog
    this.sharing = sharing
    this.user = user
    this.access = access
  }

  /** The list of an object that is not shared with everyone; undefined when it would be long, or takes other ways to find. */
  of(object: ObjectDef): SeenRows | undefined {
    const { changes } = this.store
    const known = this.known.get(object.name)
    if (known && (known.at === changes || (!known.rows && changes - known.at < UNTIL_ASKED_AGAIN))) return known.rows
    if (this.underway.has(object.name)) return undefined
    this.underway.add(object.name)
    const rows = this.list(object)
    this.underway.delete(object.name)
    this.known.set(object.name, { at: changes, rows })
    return rows
  }

  private list(object: ObjectDef): SeenRows | undefined {
    const { read, viewAll, modifyAll } = this.access(object)
    if (!read || viewAll || modifyAll || object.virtual || object.shareBy.includes('everyone')) return undefined
    if (this.sharing.opens(object, 'read') || this.sharing.sharedBy(object)) return undefined
    const numbers = new Set<number>()
    for (const way of this.sharing.ways(object)) {
      const selects = this.selects(object, way)
      if (!selects) return undefined
      for (const select of selects) if (!this.collect(select, numbers)) return undefined
    }
    return { count: numbers.size, numbers: `[${[...numbers].sort((a, b) => a - b).join()}]` }
  }

  /** Adds the rows that a select finds; false when they become too many. */
  private collect([sql, params]: Select, numbers: Set<number>): boolean {
    // One text crosses the border to SQLite many times faster than a row each.
    const text = `SELECT group_concat(n) FROM (${sql} LIMIT ${FEW + 1})`
    const found = this.store.select(text, params)[0]?.[0] ?? ''
    for (const n of String(found).split(',')) if (n) numbers.add(Number(n))
    return numbers.size <= FEW
  }

  /** Selects whose rows together are those that one way of sharing opens; undefined for a way that has none. */
  private selects(object: ObjectDef, way: string): Select[] | undefined {
    const { userId, owners, territories } = this.user
    const where = (condition: string, params: Stored[] = []): Select => [
      `SELECT v._n AS n FROM ${quote(object.name)} v WHERE ${condition}`,
      params,
    ]
    switch (way) {
      case 'owner':
        return [where(`v."OwnerId" IN (${owners})`)]
      case 'team':
        return [where(byTeam(object.name, 'v', 'read', owners))]
      case 'shares':
        return [where(byShares(object.name, 'v', 'read', owners))]
      case 'territory':
        return [where(byTerritory('Account', 'v."Id"', 'read', territories))]
      case 'account':
        return this.throughAccount(object)?.map((condition) => where(condition))
      case 'rules':
        if (!this.isQuick(object)) return undefined
        return ruleWays(this.sharing, object, 'v', 'read', this.user, true).map((condition) => where(condition))
      case 'unattached':
        return [where(`v.${quote(object.controlledBy ?? '')} IS NULL AND v."OwnerId" = '${userId}'`)]
      case 'children':
        return this.throughChildren(object)?.map((condition) => where(condition))
      case 'links':
        return undefined
      default:
        return this.throughParents(object, way)?.map(([condition, params]) => where(condition, params))
    }
  }

  /** Whether the rows that rules share with the user are few, or found by an index. */
  private isQuick(object: ObjectDef): boolean {
    const rules = this.sharing.rules(object).filter(({ target }) => this.user.holders.has(target))
    const isIndexed = (name: string): boolean => {
      const field = object.byName.get(name.toLowerCase())
      return field !== undefined && hasIndex(field)
    }
    if (rules.every(({ fields }) => fields.some(isIndexed))) return true
    const [found] = this.store.select(`SELECT max(_n) FROM ${quote(object.name)}`, [])
    return Number(found?.[0] ?? 0) <= MANY
  }

  private throughAccount(object: ObjectDef): string[] | undefined {
    const account = this.catalog.get('Account')
    if (!this.isQuick(account)) return undefined
    const child = object.name as Child
    return accountWays({ sharing: this.sharing, account, child, verb: 'read', user: this.user }, 'v')
  }

  private throughChildren(object: ObjectDef): string[] | undefined {
    const conditions: string[] = []
    for (const child of implicitChildren(this.catalog, this.sharing, object)) {
      if (!this.isQuick(child)) return undefined
      for (const way of ownWays(this.sharing, child, 'c', this.user, true)) {
        const mine = `FROM ${quote(child.name)} c WHERE c."IsDeleted" = 0 AND ${way}`
        const [found] = this.store.select(`SELECT count(*) FROM (SELECT 1 ${mine} LIMIT ${FEW + 1})`, [])
        if (Number(found?.[0]) > FEW) return undefined
        conditions.push(`v."Id" IN (SELECT c."AccountId" ${mine})`)
      }
    }
    return conditions
  }

  private throughParents(object: ObjectDef, lookup: string): Select[] | undefined {
    const field = object.byName.get(lookup.toLowerCase())
    const conditions: Select[] = []
    for (const name of field?.referenceTo ?? []) {
      const parent = this.catalog.get(name)
      if (parent.name === object.name || !this.access(parent).read) continue
      const rows = this.of(parent)
      if (!rows) return undefined
      const ids = `SELECT p."Id" FROM json_each(?) s CROSS JOIN ${quote(name)} p ON p._n = s.value`
      conditions.push([`v.${quote(field!.name)} IN (${ids})`, [rows.numbers]])
    }
    return conditions
  }
}
