// What a user may see and do: object permissions, field permissions and sharing, computed from permission rows.
import type * as Org from '../org.ts'
import type { Catalog, FieldDef, ObjectDef } from './catalog.ts'
import { groupsOf, subordinatesOf, territoriesOf } from './memberships.ts'
import { permissionable, permissionName } from './permissionable.ts'
import { SeenLists, type SeenRows } from './seen-rows.ts'
import { byAccount, byChildren, byShares, byTeam, byTerritory, implicitChildren, type Standing } from './shared-rows.ts'
import { quote, type Row, type Store } from './store.ts'

export { permissionable, permissionName } from './permissionable.ts'

/** `modifyAll` changes an object's records whoever shares them. */
export interface ObjectAccess extends Org.ObjectAccess {
  modifyAll: boolean
}
export type Verb = 'read' | 'edit' | 'delete'

export interface UserRights {
  userId: string
  name: string
  /** Name of the user's profile. */
  profile: string
  /** System permissions without their prefix: `ViewAllData`, `ConvertLeads`, … */
  system: Set<string>
  object(object: ObjectDef): ObjectAccess
  readable(object: ObjectDef, field: FieldDef): boolean
  editable(object: ObjectDef, field: FieldDef): boolean
  /** Condition on `alias` that keeps the rows the user may act on; undefined when that is every row. */
  share(object: ObjectDef, alias: string, verb: Verb): string | undefined
  /** The rows that sharing lets the user read; undefined when they are many, or cannot be listed. */
  seen(object: ObjectDef): SeenRows | undefined
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

const literals = (ids: Iterable<string>): string => [...ids].map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')

export function openRights(store: Store, catalog: Catalog): Rights {
  const cache = new Map<string, UserRights>()
  return {
    of(userId) {
      const known = cache.get(userId)
      if (known) return known
      const user = store.row(catalog.get('User'), userId)
      if (!user) return undefined
      const rights = new ComputedRights(store, catalog, user)
      cache.set(userId, rights)
      return rights
    },
    forget: () => cache.clear(),
  }
}

class ComputedRights implements UserRights {
  readonly userId: string
  readonly name: string
  readonly profile: string
  readonly system = new Set<string>()
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly objects = new Map<string, ObjectAccess>()
  private readonly readFields = new Set<string>()
  private readonly editFields = new Set<string>()
  private readonly hidden = new Map<string, string>()
  private readonly standing: Standing
  private readonly lists: SeenLists

  constructor(store: Store, catalog: Catalog, user: Row) {
    this.store = store
    this.catalog = catalog
    this.userId = String(user['Id'])
    this.name = String(user['Name'] ?? user['Username'])
    this.profile = String(this.rows('Profile', 'Id', String(user['ProfileId']))[0]?.['Name'] ?? '')
    for (const set of this.permissionSets(user)) this.addSet(set)
    this.standing = {
      userId: this.userId,
      role: this.rows('UserRole', 'Id', String(user['UserRoleId']))[0],
      owners: literals([this.userId, ...groupsOf(store, catalog, user), ...subordinatesOf(store, catalog, user)]),
      territories: literals(territoriesOf(store, catalog, this.userId)),
    }
    this.lists = new SeenLists(store, catalog, this.standing, (object) => this.object(object))
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
    if (this.system.has('ModifyAllData')) return object.readOnly ? READ : ALL
    if (object.access === 'everyone') return READ
    if (object.access === 'setup') return this.system.has('ViewSetup') ? READ : NONE
    const granted = this.objects.get(object.name) ?? this.inherited(object)
    const seesAll = this.system.has('ViewAllData')
    const access = seesAll ? { ...granted, read: true, viewAll: true } : granted
    return object.readOnly ? { ...access, create: false, edit: false, delete: false } : access
  }

  /** History and relation rows have no permission of their own: they follow the object they hang on. */
  private inherited(object: ObjectDef): ObjectAccess {
    const [first] = object.shareBy
    const parent = first === undefined ? undefined : object.byName.get(first.toLowerCase())
    if (!parent || object.shareBy.length > 1 || object.name.endsWith('__c')) return NONE
    const target = this.catalog.get(parent.referenceTo[0] ?? '')
    const access = this.objects.get(target.name) ?? NONE
    return { ...access, create: access.edit, delete: access.edit }
  }

  private fieldAllowed(object: ObjectDef, field: FieldDef, set: Set<string>): boolean {
    if (this.system.has('ModifyAllData')) return true
    if (field.ofContact !== undefined) return this.contactAllowed(field.ofContact, set)
    if (field.copyOf?.some((source) => !this.readsSource(source))) return false
    if (!permissionable(object, field)) return true
    const held = object.fieldRightsOf ?? object.name
    if (!this.objects.has(held) && this.object(object).read) return true
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
    return this.fieldAllowed(object, field, this.editFields)
  }

  share(object: ObjectDef, alias: string, verb: Verb): string | undefined {
    const rule = this.shared(object, alias, verb, 0)
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

  private shared(object: ObjectDef, alias: string, verb: Verb, depth: number): string | undefined {
    const access = this.object(object)
    const all = verb === 'read' ? access.viewAll || access.modifyAll : access.modifyAll
    if (all || object.shareBy.includes('everyone')) return undefined
    const ways: string[] = []
    for (const way of object.shareBy) {
      const condition = this.way(object, alias, verb, way, depth)
      if (condition === undefined) return undefined
      ways.push(condition)
    }
    return `(${ways.join(' OR ')})`
  }

  private way(object: ObjectDef, alias: string, verb: Verb, way: string, depth: number): string | undefined {
    // The plus keeps SQLite on the index of what the query asks for: owners are many rows.
    const { owners } = this.standing
    if (way === 'owner') return `+${alias}."OwnerId" IN (${owners})`
    if (way === 'children') {
      return verb === 'read' ? byChildren(implicitChildren(this.catalog, object), alias, owners) : '0'
    }
    if (way === 'links') return verb === 'delete' ? '0' : this.throughLinks(alias, verb, depth)
    const granted = this.granting()[way]
    if (granted) return granted(object, alias, verb)
    const field = object.byName.get(way.toLowerCase())
    if (!field || depth > 3) return '0'
    // Rights on a child follow its parent: whoever may edit the parent may delete the child.
    // To give a record away, or take it back, is only for whoever may do everything with it.
    const isShare = object.name === `${field.referenceTo[0] ?? ''}Share`
    const parentVerb = isShare && verb !== 'read' ? 'delete' : verb === 'delete' ? 'edit' : verb
    const parents = field.referenceTo.flatMap((name) => {
      const parent = this.catalog.get(name)
      const inner = `p${depth}`
      if (parent.name === object.name || !this.object(parent).read) return []
      const rule = this.shared(parent, inner, parentVerb, depth + 1)
      const where = `${inner}."Id" = ${alias}.${quote(field.name)}${rule ? ` AND ${rule}` : ''}`
      return [`EXISTS (SELECT 1 FROM ${quote(parent.name)} ${inner} WHERE ${where})`]
    })
    return parents.length ? `(${parents.join(' OR ')})` : '0'
  }

  /** Sharing by rows that somebody wrote: conditions on `alias`, by way. */
  private granting(): Record<string, (object: ObjectDef, alias: string, verb: Verb) => string> {
    const { userId, owners, territories } = this.standing
    return {
      team: (object, alias, verb) => byTeam(object.name, alias, verb, userId),
      shares: (object, alias, verb) => byShares(object.name, alias, verb, owners),
      territory: (_object, alias, verb) => byTerritory('Account', `${alias}."Id"`, verb, territories),
      account: (object, alias, verb) => byAccount(object.name, alias, verb, this.standing),
    }
  }

  /** A file is shared with the user it is linked to, and with whoever sees a record it is linked to. */
  private throughLinks(alias: string, verb: Verb, depth: number): string {
    const link = this.catalog.get('ContentDocumentLink')
    const record = this.way(link, 'l', verb, 'LinkedEntityId', depth + 1) ?? '1'
    const level = verb === 'read' ? '' : ` AND l."ShareType" <> 'V'`
    const who = `l."LinkedEntityId" = '${this.userId}' OR (l."LinkedEntityId" NOT GLOB '005*' AND ${record})`
    const live = `l."ContentDocumentId" = ${alias}."Id" AND l."IsDeleted" = 0${level}`
    return `EXISTS (SELECT 1 FROM "ContentDocumentLink" l WHERE ${live} AND (${who}))`
  }

  seen(object: ObjectDef): SeenRows | undefined {
    return this.hiddenHistory(object) ? undefined : this.lists.of(object)
  }

  sharedRow(object: ObjectDef, id: string, verb: Verb): boolean {
    const rule = this.share(object, 't0', verb)
    const where = `t0."Id" = ?${rule ? ` AND ${rule}` : ''}`
    return this.store.select(`SELECT 1 FROM ${quote(object.name)} t0 WHERE ${where}`, [id]).length > 0
  }
}
