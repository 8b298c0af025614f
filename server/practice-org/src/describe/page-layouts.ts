// Page layouts, compact layouts and picklists by record type: which of them somebody sees. They are data, as rules are.
import type { CompactLayout, ObjectLayouts, PageLayout, TypeLayouts } from '../org/object-layouts.ts'
import type { Automation } from '../rules/automation.ts'
import type { Catalog, FieldDef, ObjectDef } from '../schema/catalog.ts'
import { MASTER } from './describe.ts'
import { makeId } from '../schema/ids.ts'
import type { CompactLayoutRule, PageLayoutRule } from '../org/layout-rules.ts'
import type { UserRights } from '../rights/rights.ts'
import type { Store } from '../store/store.ts'

type Assigned = Pick<PageLayoutRule, 'recordTypes' | 'profiles'>

interface Known {
  catalog: Catalog
  store: Store
  automation: Automation
}
interface RecordType {
  id: string
  name: string
  isPerson: boolean
}

/** The layouts of an object as this user sees them. */
export function layoutsFor({ catalog, store, automation }: Known, object: ObjectDef, user: UserRights): ObjectLayouts {
  const pages = automation.pageLayouts(object.name).map(({ rule, n }) => ({ rule, layout: pageOf(rule, n) }))
  const compacts = automation.compactLayouts(object.name).map(({ rule, n }) => ({ rule, layout: compactOf(rule, n) }))
  const own = ownLayouts(catalog, object, user)
  const types = typesOf(store, object).map((type): TypeLayouts => {
    const chosen = <T>(list: { rule: Assigned; layout: T }[]): T | undefined =>
      assignedTo(list, type.name, user.profile)
    const page = chosen(pages.filter(({ rule }) => !rule.named)) ?? (type.isPerson ? own.person : own.usual)
    return {
      recordTypeId: type.id,
      page,
      compact: chosen(compacts) ?? own.compact,
      picklists: Object.fromEntries(
        automation.recordTypePicklists(object, type.name).map((rule) => [rule.field, rule]),
      ),
    }
  })
  const named = pages.filter(({ rule }) => rule.named).map(({ layout }) => layout)
  return { types, named: object.name === USERS.object ? [...named, { ...own.usual, name: USERS.name }] : named }
}

/** The named layout that every org has. */
const USERS = { object: 'User', name: 'UserAlt' }

/** Names of the layouts that are asked for by name. */
export function namedLayouts(automation: Automation, { name }: ObjectDef): string[] {
  const ordered = automation.pageLayouts(name).flatMap(({ rule }) => (rule.named ? [rule.name] : []))
  return name === USERS.object ? [...ordered, USERS.name] : ordered
}

function typesOf(store: Store, object: ObjectDef): RecordType[] {
  const sql = 'SELECT "Id", "DeveloperName", "IsPersonType" FROM "RecordType" WHERE "SobjectType" = ? ORDER BY _n'
  const own = store.select(sql, [object.name])
  const types = own.map(([id, name, isPerson]) => ({ id: String(id), name: String(name), isPerson: isPerson === 1 }))
  return [...types, { id: MASTER, name: 'Master', isPerson: false }]
}

/** The one assigned to the record type by name, else one that all of them show; of several the one for the profile. */
function assignedTo<T>(list: { rule: Assigned; layout: T }[], type: string, profile: string): T | undefined {
  const fits = ({ rule }: { rule: Assigned }): boolean =>
    (rule.recordTypes?.includes(type) ?? true) && (rule.profiles?.includes(profile) ?? true)
  const weight = ({ rule }: { rule: Assigned }): number => (rule.recordTypes ? 2 : 0) + (rule.profiles ? 1 : 0)
  return list.filter(fits).toSorted((a, b) => weight(b) - weight(a))[0]?.layout
}

/** Ids of layouts that were ordered; those of the objects themselves come before them. */
const FIRST_ORDERED = 1000

const pageOf = ({ name, sections, relatedLists }: PageLayoutRule, n: number): PageLayout => ({
  id: makeId('00h', FIRST_ORDERED + n),
  name,
  sections,
  relatedLists,
})
const compactOf = ({ name, label, fields }: CompactLayoutRule, n: number): CompactLayout => ({
  id: makeId('0AH', FIRST_ORDERED + n),
  name,
  label: label ?? name,
  fields,
})

/** A compact layout of the system's shows as many fields. */
const COMPACT_FIELDS = 4

/** What an object has before anybody lays it out: every field that can be read, those of persons apart. */
function ownLayouts(catalog: Catalog, object: ObjectDef, user: UserRights) {
  const shown = object.fields.filter(
    (field) => field.type !== 'id' && user.readable(object, field) && !isPart(object, field),
  )
  const usual = shown.filter((field) => field.ofContact === undefined)
  const n = 2 * catalog.objects.indexOf(object) + 1
  const page = (id: number, name: string, fields: FieldDef[]): PageLayout => ({
    id: makeId('00h', id),
    name,
    sections: [{ heading: `${object.label} Information`, columns: 2, fields: fields.map((field) => field.name) }],
    relatedLists: [],
  })
  const title = usual.filter((field) => field.nameField)
  const rest = usual.filter((field) => !field.nameField && field.updateable)
  const compact: CompactLayout = {
    id: null,
    name: 'SYSTEM',
    label: 'System Default',
    fields: [...title, ...rest].slice(0, COMPACT_FIELDS).map((field) => field.name),
  }
  return {
    usual: page(n, `${object.label} Layout`, usual),
    person: page(n + 1, `Person ${object.label} Layout`, shown),
    compact,
  }
}

/** An address or a name stands in a layout as one. */
const isPart = (object: ObjectDef, field: FieldDef): boolean =>
  field.compound !== undefined && field.compound !== field.name && object.byName.has(field.compound.toLowerCase())
