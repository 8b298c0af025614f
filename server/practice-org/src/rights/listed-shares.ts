// The share rows an org writes by itself, worked out on reading: what a query of a share object finds.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { counterOf } from '../schema/ids.ts'
import { quote, type Store } from '../store/store.ts'
import type { Row, Stored } from '../store/row.ts'
import { shareSelects } from './share-selects.ts'
import { CAUSE, causeOf, isListed } from '../store/share-numbers.ts'
import { shareFields } from '../schema/share-shape.ts'
import type { Sharing } from './sharing.ts'

export class ListedShares {
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly sharing: Sharing

  constructor(store: Store, catalog: Catalog, sharing: Sharing) {
    this.store = store
    this.catalog = catalog
    this.sharing = sharing
  }

  /** What a share object shares; undefined for any other object. */
  of = (object: ObjectDef): ObjectDef | undefined => this.sharing.sharedBy(object)

  /** What stands behind FROM for a share object; undefined for any other object. */
  source(object: ObjectDef): string | undefined {
    const shared = this.sharing.sharedBy(object)
    if (!shared) return undefined
    return `(${shareSelects({ catalog: this.catalog, sharing: this.sharing, object, shared }).join(' UNION ALL ')})`
  }

  /** The row of an id that the org made by itself. */
  row(object: ObjectDef, id: string): Row | undefined {
    const source = isListed(id) ? this.source(object) : undefined
    if (!source) return undefined
    const names = object.fields.map(({ name }) => name)
    const { text, params } = this.among(object, 's', [counterOf(id) ?? 0])
    const columns = names.map((name) => `s.${quote(name)}`).join(', ')
    const [values] = this.store.select(`SELECT ${columns} FROM ${source} s WHERE ${text}`, params)
    return values && Object.fromEntries(names.map((name, n) => [name, values[n] ?? null]))
  }

  /** The numbers of rows by their ids. */
  numbers(object: ObjectDef, ids: readonly string[]): number[] {
    return ids.flatMap((id) => {
      if (isListed(id)) return [counterOf(id) ?? 0]
      const [found] = this.store.select(`SELECT _n FROM ${quote(object.name)} WHERE "Id" = ?`, [id])
      return found ? [Number(found[0])] : []
    })
  }

  /** A restriction to these rows. It names their records by constants: only those reach into the parts of the source. */
  among(object: ObjectDef, alias: string, numbers: readonly number[]): { text: string; params: Stored[] } {
    const shared = this.sharing.sharedBy(object)
    if (!shared || numbers.length === 0) return { text: '0', params: [] }
    const { parent } = shareFields(shared.name)
    const tables: Record<number, [table: string, column: string]> = {
      [CAUSE.kept]: [object.name, parent],
      [CAUSE.team]: [`${shared.name}TeamMember`, parent],
      [CAUSE.territory]: ['ObjectTerritory2Association', 'ObjectId'],
    }
    const byCause = Map.groupBy(numbers.map(causeOf), ({ cause }) => cause)
    const ids = [...byCause].flatMap(([cause, causes]) => {
      const [table, column] = tables[cause] ?? [shared.name, 'Id']
      const records = causes.map(({ record }) => record)
      const sql = `SELECT r.${quote(column)} FROM json_each(?) j JOIN ${quote(table)} r ON r._n = j.value`
      return this.store.select(sql, [JSON.stringify(records)]).map(([id]) => id ?? null)
    })
    const unique = [...new Set(ids)]
    return {
      text: `${alias}.${quote(parent)} IN (${marks(unique)}) AND ${alias}._n IN (${marks(numbers)})`,
      params: [...unique, ...numbers],
    }
  }

  /** The id of the share that its owner has of a record. */
  ownerShare(object: ObjectDef, record: Row): string | undefined {
    const shared = this.sharing.sharedBy(object)
    const source = this.source(object)
    if (!shared || !source) return undefined
    const parent = quote(shareFields(shared.name).parent)
    const sql = `SELECT s."Id" FROM ${source} s WHERE s."RowCause" = 'Owner' AND s.${parent} = ?`
    const [found] = this.store.select(sql, [record['Id'] ?? null])
    return found && String(found[0])
  }
}

const marks = (list: readonly unknown[]): string => list.map(() => '?').join(', ')
