// Manual shares: who may make them, and when an org takes them back (salesforce-facts 10, share objects [K]).
import type { FieldDef, ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import { noAccessTo, refusal } from '../refuse.ts'
import type { Row } from '../store.ts'

/** The lookup of a share object to what it shares; undefined for any other object. */
const sharedBy = (object: ObjectDef): FieldDef | undefined =>
  object.name.endsWith('Share')
    ? object.fields.find((field) => field.name === `${object.name.slice(0, -5)}Id`)
    : undefined

/** Only whoever may do everything with a record shares it, and only by hand. */
export function checkShare(write: Write, object: ObjectDef, before: Row | undefined, row: Row): void {
  const field = sharedBy(object)
  if (!field) return
  const target = write.catalog.get(field.referenceTo[0] ?? '')
  const id = String(row[field.name])
  if (!write.user.sharedRow(target, id, 'delete')) throw noAccessTo(id)
  if (!before && row['RowCause'] !== 'Manual') {
    const message = `Row Cause: shares of the cause ${String(row['RowCause'])} are made by the system alone`
    throw refusal('FIELD_INTEGRITY_EXCEPTION', message, ['RowCause'])
  }
}

/** The manual share of the same record with the same user or group: an org keeps one, with the level asked for last. */
export function sameShare(write: Write, object: ObjectDef, row: Row): Row | undefined {
  const field = sharedBy(object)
  if (!field) return undefined
  return write.store
    .rowsWhere(object, field.name, row[field.name] ?? null)
    .find(
      (each) =>
        each['IsDeleted'] === 0 && each['RowCause'] === 'Manual' && each['UserOrGroupId'] === row['UserOrGroupId'],
    )
}

/** What the former owner shared by hand ends with a new owner. */
export function endShares(write: Write, object: ObjectDef, id: string): void {
  const shares = write.catalog.find(`${object.name}Share`)
  if (!shares) return
  for (const row of write.store.rowsWhere(shares, `${object.name}Id`, id)) {
    if (row['RowCause'] === 'Manual') write.store.remove(shares, String(row['Id']))
  }
}
