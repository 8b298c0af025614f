// What a user may see and do: object permissions, field permissions and sharing, computed from permission rows.
import type { ObjectAccess, Verb } from './access-verbs.ts'
import type { Catalog, FieldDef, ObjectDef } from '../schema/catalog.ts'
import { permissionable, permissionName } from '../schema/permissionable.ts'
import { SeenLists, type SeenRows } from './seen-rows.ts'
import { ShareConditions } from './share-conditions.ts'
import { ListedShares } from './listed-shares.ts'
import { isListed } from '../store/share-numbers.ts'
import { shareFields } from '../schema/share-shape.ts'
import type { Sharing } from './sharing.ts'
import { literals, standingOf } from './standing.ts'
import { quote, type Store } from '../store/store.ts'
import type { Row } from '../store/row.ts'

export { permissionable, permissionName } from '../schema/permissionable.ts'

export interface UserRights {
  userId: string
  name: string
  /** Name of the user's profile. */
  profile: string
  /** System permissions without their prefix: `ViewAllData`, `ConvertLeads`, … */
  system: Set<string>
  object(object: ObjectDef): ObjectAccess
  /** Rights that permission sets give to a deployed platform event: no other, not even Modify All Data, reaches it. */
  event(name: string): ObjectAccess
  readable(object: ObjectDef, field: FieldDef): boolean
  editable(object: ObjectDef, field: FieldDef): boolean
  /** Condition on `alias` that keeps the rows the user may act on; undefined when that is every row. */
  share(object: ObjectDef, alias: string, verb: Verb): string | undefined
  /** The rows that sharing lets the user read; undefined when they are many, or cannot be listed. */
  seen(object: ObjectDef): SeenRows | undefined
  /** Shares that the org makes by itself. */
  readonly shares: ListedShares
  /** Whether everybody who may edit such a record may give it away. */
  transfers(object: ObjectDef): boolean
  /** Whether sharing lets the user act on this row (object permissions are separate). */
  sharedRow(object: ObjectDef, id: string, verb: Verb): boolean
}

export interface Rights {
  of(userId: string): UserRights | undefined
  /** To be called after any change to users, roles, groups or permissions. */
  forget(): void
}

const NONE: ObjectAccess = { read: false, create: false, edit: false, delete: false, viewAll: false, modifyAll: false }
const READ: ObjectAccess = { ...NONE, read: true, viewAll: true }
const ALL: ObjectAccess = { read: true, create: true, edit: true, delete: true, viewAll: true, modifyAll: true }

/** Objects whose rows decide rights. */
export const SECURITY_OBJECTS = new Set([
  'User',
  'UserRole',
  'Profile',
  'Group',
  'GroupMember',
  'Territory2',
  'Territory2Model',
  'UserTerritory2Association',
  'PermissionSet',
  'PermissionSetAssignment',
  'ObjectPermissions',
  'FieldPermissions',
  'CustomPermission',
  'SetupEntityAccess',
])

export function openRights(store: Store, catalog: Catalog, sharing: Sharing): Rights {
  const cache = new Map<string, UserRights>()
  return {
    of(userId) {
      const known = cache.get(userId)
      if (known) return known
      const user = store.row(catalog.get('User'), userId)
      if (!user) return undefined
      const rights = new ComputedRights(store, catalog, sharing, user)
      cache.set(userId, rights)
      return rights
    },
    forget() {
      cache.clear()
      sharing.forget()
    },
  }
}

/** History, share and relation rows, notes and attachments follow the objects whose records they hang on. */
function parentsOf(object: ObjectDef): readonly string[] {
  const lookups = object.shareBy.flatMap((way) => object.byName.get(way.toLowerCase()) ?? [])
  if (object.rightsFrom === 'parent') return lookups.flatMap(({ referenceTo }) => referenceTo)
  const isFollower = object.shareBy.length === 1 && !object.name.endsWith('__c')
  return isFollower ? lookups.flatMap(({ referenceTo }) => referenceTo.slice(0, 1)) : []
}

class ComputedRights implements UserRights {
  readonly userId: string
  readonly name: string
  readonly profile: string
  readonly shares: ListedShares
  readonly system = new Set<string>()
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly objects = new Map<string, ObjectAccess>()
  private readonly readFields = new Set<string>()
  private readonly editFields = new Set<string>()
  private readonly hidden = new Map<string, string>()
  private readonly sharing: Sharing
  private readonly conditions: ShareConditions
  private readonly lists: SeenLists

  constructor(store: Store, catalog: Catalog, sharing: Sharing, user: Row) {
    this.store = store
    this.catalog = catalog
    this.sharing = sharing
    this.shares = new ListedShares(store, catalog, sharing)
    this.userId = String(user['Id'])
    this.name = String(user['Name'] ?? user['Username'])
    this.profile = String(this.rows('Profile', 'Id', String(user['ProfileId']))[0]?.['Name'] ?? '')
    for (const set of this.permissionSets(user)) this.addSet(set)
    const standing = standingOf(store, catalog, user)
    const access = (object: ObjectDef) => this.object(object)
    this.conditions = new ShareConditions(catalog, sharing, standing, access)
    this.lists = new SeenLists({ store, catalog, sharing, user: standing, access })
  }

  private rows(object: string, field: string, value: string): Row[] {
    return this.store.rowsWhere(this.catalog.get(object), field, value)
  }

  private permissionSets(user: Row): Row[] {
    const own = this.rows('PermissionSet', 'ProfileId', String(user['ProfileId']))
    const assigned = this.rows('PermissionSetAssignment', 'AssigneeId', this.userId)
      .filter((row) => row['IsActive'] !== 0)
      .flatMap((row) => this.rows('PermissionSet', 'Id', String(row['PermissionSetId'])))
    return [...own, ...assigned]
  }

  private addSet(set: Row): void {
    for (const [field, value] of Object.entries(set)) {
      if (field.startsWith('Permissions') && value === 1) this.system.add(field.slice('Permissions'.length))
    }
    const id = String(set['Id'])
    for (const row of this.rows('ObjectPermissions', 'ParentId', id)) {
      const name = String(row['SobjectType'])
      const had = this.objects.get(name) ?? NONE
      const on = (field: string) => row[`Permissions${field}`] === 1
      this.objects.set(name, {
        read: had.read || on('Read'),
        create: had.create || on('Create'),
        edit: had.edit || on('Edit'),
        delete: had.delete || on('Delete'),
        viewAll: had.viewAll || on('ViewAllRecords'),
        modifyAll: had.modifyAll || on('ModifyAllRecords'),
      })
    }
    for (const row of this.rows('FieldPermissions', 'ParentId', id)) {
      const field = String(row['Field'])
      if (row['PermissionsRead'] === 1) this.readFields.add(field)
      if (row['PermissionsEdit'] === 1) this.editFields.add(field)
    }
  }

  object(object: ObjectDef): ObjectAccess {
    const readOnly = object.readOnly || this.sharing.isFixed(object)
    if (this.system.has('ModifyAllData')) return readOnly ? READ : ALL
    if (object.access === 'everyone') return READ
    if (object.access === 'setup') return this.system.has('ViewSetup') ? READ : NONE
    const granted = this.objects.get(object.name) ?? this.followed(object)
    const seesAll = this.system.has('ViewAllData')
    const access = seesAll ? { ...granted, read: true, viewAll: true } : granted
    return readOnly ? { ...access, create: false, edit: false, delete: false } : access
  }

  event(name: string): ObjectAccess {
    return (name.endsWith('__e') && this.objects.get(name)) || NONE
  }

  /** Rights to an object that no permission set of the user names. */
  private followed(object: ObjectDef): ObjectAccess {
    if (object.rightsFrom === 'activities') {
      const edit = this.system.has(`Edit${object.name}`)
      return { ...NONE, read: this.system.has('ActivitiesAccess'), create: edit, edit, delete: edit }
    }
    const parents = parentsOf(object).map((name) => this.objects.get(name) ?? NONE)
    const [first] = parents
    if (!first) return NONE
    if (object.rightsFrom !== 'parent') return { ...first, create: first.edit, delete: first.edit }
    const edit = parents.some((access) => access.edit)
    return { ...NONE, read: parents.some((access) => access.read), create: edit, edit, delete: edit }
  }

  private fieldAllowed(object: ObjectDef, field: FieldDef, set: Set<string>): boolean {
    if (field.ofContact !== undefined) return this.contactAllowed(field.ofContact, set)
    if (field.copyOf?.some((source) => !this.readsSource(source))) return false
    if (!permissionable(object, field)) return true
    const held = object.fieldRightsOf ?? object.name
    if (!this.objects.has(held) && object.rightsFrom !== 'activities' && parentsOf(object).length > 0) return true
    return set.has(`${held}.${permissionName(field)}`)
  }

  /** A person's account shows fields of his contact to whoever may see them there. */
  private contactAllowed(name: string, set: Set<string>): boolean {
    const contacts = this.catalog.get('Contact')
    const field = contacts.byName.get(name.toLowerCase())
    return field !== undefined && this.fieldAllowed(contacts, field, set)
  }

  private readsSource(source: string): boolean {
    const [object = '', name = ''] = source.split('.')
    const field = this.catalog.get(object).byName.get(name.toLowerCase())
    return field !== undefined && this.readable(this.catalog.get(object), field)
  }

  readable(object: ObjectDef, field: FieldDef): boolean {
    return this.fieldAllowed(object, field, this.readFields)
  }

  editable(object: ObjectDef, field: FieldDef): boolean {
    return !this.sharing.isFixedField(object, field.name) && this.fieldAllowed(object, field, this.editFields)
  }

  share(object: ObjectDef, alias: string, verb: Verb): string | undefined {
    const rule = this.conditions.of(object, alias, verb)
    const hidden = this.hiddenHistory(object)
    if (!hidden) return rule
    const shown = `${alias}."Field" NOT IN (${hidden})`
    return rule ? `(${rule} AND ${shown})` : shown
  }

  /** Names under which the history of an object tells of fields that this user may not read. */
  private hiddenHistory(object: ObjectDef): string {
    if (!object.historyOf) return ''
    const known = this.hidden.get(object.name)
    if (known !== undefined) return known
    const told = this.catalog.get(object.historyOf)
    const names = told.fields
      .filter((field) => !this.readable(told, field))
      .flatMap((field) => [field.name, field.relationshipName ?? field.name])
    const hidden = literals(new Set(names))
    this.hidden.set(object.name, hidden)
    return hidden
  }

  seen(object: ObjectDef): SeenRows | undefined {
    return this.hiddenHistory(object) ? undefined : this.lists.of(object)
  }

  transfers(object: ObjectDef): boolean {
    return this.sharing.transfers(object)
  }

  sharedRow(object: ObjectDef, id: string, verb: Verb): boolean {
    if (isListed(id)) return verb === 'read' && this.seesShare(object, id)
    const rule = this.share(object, 't0', verb)
    const where = `t0."Id" = ?${rule ? ` AND ${rule}` : ''}`
    return this.store.select(`SELECT 1 FROM ${quote(object.name)} t0 WHERE ${where}`, [id]).length > 0
  }

  /** Shares that the org makes by itself are seen by whoever sees the record, and changed by nobody. */
  private seesShare(object: ObjectDef, id: string): boolean {
    const shared = this.sharing.sharedBy(object)
    const row = shared && this.shares.row(object, id)
    return (
      shared !== undefined &&
      row !== undefined &&
      this.sharedRow(shared, String(row[shareFields(shared.name).parent]), 'read')
    )
  }
}
