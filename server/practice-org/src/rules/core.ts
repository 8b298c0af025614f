// What every part of the engine works with: the store, the catalog, the clock, and the running transaction.
import type { Caller, OrgError } from '../org/org.ts'
import type { Automation } from './automation.ts'
import { type Catalog, labelOf, type ObjectDef } from '../schema/catalog.ts'
import type { Draft } from '../store/draft.ts'
import { normalizeId } from '../schema/ids.ts'
import { isDeleted, noAccess, notFound, refusal } from '../schema/refuse.ts'
import type { Rights, UserRights } from '../rights/rights.ts'
import type { Verb } from '../rights/access-verbs.ts'
import type { Sharing } from '../rights/sharing.ts'
import type { Store } from '../store/store.ts'
import type { Row } from '../store/row.ts'

export interface Core {
  orgId: string
  store: Store
  catalog: Catalog
  rights: Rights
  sharing: Sharing
  automation: Automation
  now(): number
}

/** One write call: the caller, his rights, and the transaction it is part of. */
export interface Write extends Core {
  caller: Caller
  user: UserRights
  draft: Draft
  /** Saves whose flows are still to run, before the call ends. */
  saved: Saved[]
}

/** A record that was saved, for the flows that follow. */
export interface Saved {
  object: ObjectDef
  on: 'create' | 'update'
  id: string
  changed: readonly string[]
}

/** The rights of a caller; an unknown user has no session. */
export function rightsOf(core: Core, userId: string): UserRights {
  const rights = core.rights.of(userId)
  if (!rights) throw refusal('INVALID_SESSION_ID', 'Session expired or invalid', undefined, 401)
  return rights
}

/** The object a row call names; an object the caller may not read does not exist for him. */
export function readableObject(core: Core, user: UserRights, name: string): ObjectDef {
  const object = core.catalog.find(name)
  if (!object || object.virtual || !user.object(object).read) throw notFound()
  return object
}

/** A row by its id, kept or worked out. */
export const anyRow = (core: Core, user: UserRights, object: ObjectDef, id: string): Row | undefined =>
  core.store.row(object, id) ?? user.shares.row(object, id)

/** The live row of an id the caller sent; 404 when it is no id, unknown, unshared or deleted. */
export function liveRow(core: Core, user: UserRights, object: ObjectDef, id: string): Row {
  const id18 = normalizeId(id)
  const row = id18 === undefined ? undefined : anyRow(core, user, object, id18)
  if (!row || id18 === undefined) throw notFound()
  if (!user.sharedRow(object, id18, 'read')) throw notFound()
  if (row['IsDeleted'] === 1) throw isDeleted()
  return row
}

/** The refusal of an id that is none, or one of another object. */
export function wrongId(object: ObjectDef, id: string): OrgError {
  const field = object.byName.get('id')
  return refusal('MALFORMED_ID', `${field ? labelOf(field) : 'Record ID'}: id value of incorrect type: ${id}`, ['Id'])
}

/** A live row the caller may change or delete; INSUFFICIENT_ACCESS_OR_READONLY when he may not, even if he may not see it. */
export function writableRow(
  write: Core,
  user: UserRights,
  object: ObjectDef,
  id: string,
  verb: Exclude<Verb, 'read'>,
): Row {
  const id18 = normalizeId(id)
  if (verb === 'edit' && (id18 === undefined || (object.keyPrefix && !id18.startsWith(object.keyPrefix)))) {
    throw wrongId(object, id)
  }
  const row = id18 === undefined ? undefined : anyRow(write, user, object, id18)
  if (!row || id18 === undefined) throw notFound()
  if (row['IsDeleted'] === 1) throw isDeleted()
  if (!user.object(object)[verb] || !user.sharedRow(object, id18, verb)) throw noAccess()
  if (write.automation.isHeld(object, row) && !user.system.has('ModifyAllData')) {
    throw refusal('ENTITY_IS_LOCKED', 'the entity is locked for editing', [])
  }
  return row
}
