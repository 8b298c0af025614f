// How an org shares its records: the default of each object and the rules that act, from the setup and the last order.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import type { Store } from '../store/store.ts'
import type { Row } from '../store/row.ts'
import type { Value } from '../org/values.ts'
import { type ActingRule, actingRule } from './sharing-rule.ts'
import {
  type Level,
  type SharingModel,
  type SharingRule,
  type SharingSettings,
  shareName,
} from '../schema/share-shape.ts'

type Verb = 'read' | 'edit' | 'delete'

/** What each default lets everybody do who has the object permission. */
const OPEN: Record<SharingModel, readonly Verb[]> = {
  Private: [],
  ControlledByParent: [],
  Read: ['read'],
  ReadWrite: ['read', 'edit'],
  ReadWriteTransfer: ['read', 'edit'],
  FullAccess: ['read', 'edit', 'delete'],
}
const LEVEL_OF: Record<SharingModel, Level> = {
  Private: 'None',
  ControlledByParent: 'None',
  Read: 'Read',
  ReadWrite: 'Edit',
  ReadWriteTransfer: 'Edit',
  FullAccess: 'All',
}

/** How Organization spells the defaults, and of which objects it tells. */
const SPELLED: Record<SharingModel, string> = {
  Private: 'None',
  Read: 'Read',
  ReadWrite: 'Edit',
  ReadWriteTransfer: 'ReadEditTransfer',
  FullAccess: 'All',
  ControlledByParent: 'ControlledByParent',
}
const TOLD = ['Account', 'Contact', 'Opportunity', 'Lead', 'Case', 'Campaign']
const fieldOf = (object: string): string => `Default${object}Access`

export interface SharingSetup {
  sharing?: SharingSettings
  /** Fields of Organization: its defaults count where `sharing` names none. */
  organization?: Record<string, Value>
}

export class Sharing {
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly setup: SharingSetup
  private ordered: SharingSettings | undefined
  private readonly acting = new Map<string, ActingRule[]>()

  constructor(store: Store, catalog: Catalog, setup: SharingSetup = {}) {
    this.store = store
    this.catalog = catalog
    this.setup = setup
  }

  /** Replaces what the order before said; undefined for none. */
  order(settings: SharingSettings | undefined): void {
    this.ordered = settings
    this.acting.clear()
    this.tell()
  }

  /** To be called when users, groups, roles or territories change. */
  forget(): void {
    this.acting.clear()
  }

  model(object: ObjectDef): SharingModel {
    const { sharing, organization } = this.setup
    const told = TOLD.includes(object.name) ? organization?.[fieldOf(object.name)] : undefined
    const [spelled] = Object.entries(SPELLED).find(([, value]) => value === told) ?? []
    return (
      this.ordered?.defaults[object.name] ??
      sharing?.defaults[object.name] ??
      (spelled as SharingModel | undefined) ??
      object.sharingModel
    )
  }

  /** Whether the default lets everybody do this. */
  opens = (object: ObjectDef, verb: Verb): boolean => OPEN[this.model(object)].includes(verb)

  /** Whether whoever may edit a record may give it to somebody else. */
  transfers = (object: ObjectDef): boolean => ['ReadWriteTransfer', 'FullAccess'].includes(this.model(object))

  /** What the default gives everybody. */
  level = (object: ObjectDef): Level => LEVEL_OF[this.model(object)]

  isControlled = (object: ObjectDef): boolean => this.model(object) === 'ControlledByParent'

  /** The ways by which records of the object are shared besides the default. */
  ways(object: ObjectDef): readonly string[] {
    if (this.isControlled(object) && object.controlledBy) return [object.controlledBy, 'unattached']
    return this.rules(object).length ? [...object.shareBy, 'rules'] : object.shareBy
  }

  /** The rules for records of the object; none where its parent controls it. */
  rules(object: ObjectDef): ActingRule[] {
    const known = this.acting.get(object.name)
    if (known) return known
    const given: SharingRule[] = this.ordered?.rules ?? this.setup.sharing?.rules ?? []
    const own = this.isControlled(object) ? [] : given.filter((rule) => rule.object === object.name)
    const rules = own.flatMap((rule, place) => actingRule(this.store, this.catalog, object, rule, place) ?? [])
    this.acting.set(object.name, rules)
    return rules
  }

  shareObject = (object: ObjectDef): ObjectDef | undefined => this.catalog.find(shareName(object.name))

  /** What the rows of a share object share; undefined for any other object. */
  sharedBy(object: ObjectDef): ObjectDef | undefined {
    if (!object.byName.has('rowcause')) return undefined
    const [parent = ''] = object.fields.find(({ onDelete }) => onDelete === 'cascade')?.referenceTo ?? []
    return shareName(parent) === object.name ? this.catalog.find(parent) : undefined
  }

  /** Whether nobody may write the object's rows: shares of records that their parents control. */
  isFixed(object: ObjectDef): boolean {
    const shared = this.sharedBy(object)
    return shared !== undefined && this.isControlled(shared)
  }

  /** Whether nobody may write the field: what contacts are shared as along with their account, which controls them anyway. */
  isFixedField(object: ObjectDef, name: string): boolean {
    if (name !== 'ContactAccessLevel' || !['AccountShare', 'AccountTeamMember'].includes(object.name)) return false
    return this.isControlled(this.catalog.get('Contact'))
  }

  /** How the org calls the default of an object, as in Organization. */
  spelled = (object: ObjectDef): string => SPELLED[this.model(object)]

  /** Writes the defaults where an org shows them. */
  tell(): void {
    const organizations = this.catalog.get('Organization')
    const [id] = this.store.select('SELECT "Id" FROM "Organization" LIMIT 1', [])[0] ?? []
    if (id === undefined) return
    const row = this.store.row(organizations, String(id)) ?? {}
    const changes: Row = {}
    for (const name of TOLD) {
      const wanted = SPELLED[this.model(this.catalog.get(name))]
      if (row[fieldOf(name)] !== wanted) changes[fieldOf(name)] = wanted
    }
    if (Object.keys(changes).length) this.store.update(organizations, String(id), changes)
  }
}
