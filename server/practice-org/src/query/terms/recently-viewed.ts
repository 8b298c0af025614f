// Which records each user lately viewed or referred to, and what RecentlyViewed answers from that.
import type { Catalog, ObjectDef } from '../../schema/catalog.ts'
import type { Core } from '../../rules/core.ts'
import { normalizeId } from '../../schema/ids.ts'
import type { UserRights } from '../../rights/rights.ts'
import { quote, type Store } from '../../store/store.ts'
import type { Row, Stored } from '../../store/row.ts'

/** A record that is viewed counts as referred to as well, as in an org. */
export type Looked = 'view' | 'reference'

/** The object whose rows are put together here; its table stays empty. */
export const RECENTLY_VIEWED = 'RecentlyViewed'

const DATES: Record<string, string> = { LastViewedDate: 'viewedAt', LastReferencedDate: 'referencedAt' }

/** An org forgets the oldest beyond so many of one user and object. */
const KEPT_PER_OBJECT = 200

/** Objects whose records an org remembers as recent are those that tell when they were viewed. */
export const remembersViews = (object: ObjectDef): boolean =>
  object.byName.has('lastvieweddate') && object.name !== RECENTLY_VIEWED

/** The same for ids a caller names himself: those he may not see are passed over. */
export function markViewed(core: Core, user: UserRights, ids: readonly string[], how: Looked): void {
  const seen = ids.flatMap((id) => {
    const object = core.catalog.byPrefix(id)
    const id18 = normalizeId(id)
    return object && id18 && user.object(object).read && user.sharedRow(object, id18, 'read') ? [id18] : []
  })
  noteViewed({ store: core.store, catalog: core.catalog, now: core.now() }, user.userId, seen, how)
}

/** Remembers that the user looked at these records now, the last of them last. Ids of other objects are passed over. */
export function noteViewed(
  core: { store: Store; catalog: Catalog; now: number },
  userId: string,
  ids: readonly string[],
  how: Looked,
): void {
  const { store, catalog, now } = core
  for (const id of ids) {
    const object = catalog.byPrefix(id)
    if (!object || !remembersViews(object)) continue
    const [before] = store.select('SELECT "viewedAt" FROM _viewed WHERE "userId" = ? AND id = ?', [userId, id])
    const viewedAt: Stored = how === 'view' ? now : (before?.[0] ?? null)
    if (before) store.run('DELETE FROM _viewed WHERE "userId" = ? AND id = ?', [userId, id])
    store.run('INSERT INTO _viewed("userId", id, object, "viewedAt", "referencedAt") VALUES (?, ?, ?, ?, ?)', [
      userId,
      id,
      object.name,
      viewedAt,
      now,
    ])
    if (!before) forgetOldest(store, userId, object.name)
  }
}

function forgetOldest(store: Store, userId: string, object: string): void {
  const mine = 'FROM _viewed WHERE "userId" = ? AND object = ?'
  const oldest = `SELECT n ${mine} ORDER BY n DESC LIMIT -1 OFFSET ${KEPT_PER_OBJECT}`
  store.run(`DELETE FROM _viewed WHERE n IN (${oldest})`, [userId, object])
}

/** When this user viewed a record and referred to it last: the values of its two date fields. */
export function viewDates(store: Store, userId: string, object: ObjectDef, id: string): Row {
  if (!remembersViews(object)) return {}
  const sql = 'SELECT "viewedAt", "referencedAt" FROM _viewed WHERE "userId" = ? AND id = ?'
  const [dates] = store.select(sql, [userId, id])
  return { LastViewedDate: dates?.[0] ?? null, LastReferencedDate: dates?.[1] ?? null }
}

/** The SQL of a field that is another for every user; undefined for all ordinary fields. */
export function viewDateSql(rights: UserRights, object: ObjectDef, field: string, alias: string): string | undefined {
  const column = DATES[field]
  if (!column || !remembersViews(object)) return undefined
  const mine = `v."userId" = '${rights.userId}' AND v.id = ${alias}."Id"`
  return `(SELECT v."${column}" FROM _viewed v WHERE ${mine})`
}

/** What stands behind FROM: the table of an object, or the recent records the user may still see. */
export function sourceSql(catalog: Catalog, rights: UserRights, object: ObjectDef): string {
  if (object.name !== RECENTLY_VIEWED) return quote(object.name)
  const kinds = catalog.objects.filter((each) => remembersViews(each) && rights.object(each).read)
  return `(${kinds.map((kind) => recentOf(rights, object, kind)).join(' UNION ALL ')})`
}

function recentOf(rights: UserRights, recent: ObjectDef, kind: ObjectDef): string {
  const columns = recent.fields.map((field) => `${columnOf(rights, kind, field.name)} AS ${quote(field.name)}`)
  const share = rights.share(kind, 'r', 'read')
  const conditions = [
    `v."userId" = '${rights.userId}'`,
    `v.object = '${kind.name}'`,
    ...(kind.hasIsDeleted ? ['r."IsDeleted" = 0'] : []),
    ...(share ? [share] : []),
  ]
  // Among rows of the same moment the later one comes first.
  const from = `_viewed v JOIN ${quote(kind.name)} r ON r."Id" = v.id`
  return `SELECT -v.n AS _n, ${columns.join(', ')} FROM ${from} WHERE ${conditions.join(' AND ')}`
}

function columnOf(rights: UserRights, kind: ObjectDef, name: string): string {
  if (name === 'Type') return `'${kind.name}'`
  const date = DATES[name]
  if (date) return `v."${date}"`
  const field = kind.byName.get((name === 'Name' ? (kind.nameField ?? 'Id') : name).toLowerCase())
  return field && field.type !== 'address' && rights.readable(kind, field) ? `r.${quote(field.name)}` : 'NULL'
}
