// Deploys content to an org that was kept: at each start its permission sets say what their files say by then.
import type { OrgContent } from '../content/content.ts'
import type { RightsSet } from '../content/rights-set.ts'
import type { Value } from '../org/values.ts'
import { eventNames, rowsOfSet, type EntityId } from '../rights/grants.ts'
import type { Core } from '../rules/core.ts'
import type { Row } from '../store/row.ts'
import { loadInOne } from './load.ts'

/** An org that was made before permissions were read from content: its rights cannot be made good. */
export class EarlierOrgError extends Error {
  override readonly name = 'EarlierOrgError'
  constructor() {
    super(
      'The practice org was made by an earlier version, with other rights. Empty its data folder to make a new one.',
    )
  }
}

/** Brings custom permissions, Apex classes and permission sets up to the content. Throws EarlierOrgError. */
export function deployAgain(core: Core, content: OrgContent, userId: string): void {
  const { store, catalog } = core
  const rowsOf = (object: string, field: string, value: string | number): Row[] =>
    store.rowsWhere(catalog.get(object), field, value)
  // Every profile lets its users see activities.
  const profileSets = rowsOf('PermissionSet', 'IsOwnedByProfile', 1)
  if (!profileSets.some((set) => set['PermissionsActivitiesAccess'] === 1)) throw new EarlierOrgError()
  const missing = (object: string, field: string, rows: Record<string, Value>[]): void => {
    const absent = rows.filter((row) => rowsOf(object, field, String(row[field])).length === 0)
    if (absent.length > 0) loadInOne(core, [[object, absent]], userId)
  }
  missing(
    'CustomPermission',
    'DeveloperName',
    content.customPermissions.map(({ name, label, description }) => ({
      DeveloperName: name,
      MasterLabel: label,
      Description: description,
    })),
  )
  missing(
    'ApexClass',
    'Name',
    content.apexClasses.map((Name) => ({ Name })),
  )
  for (const set of content.permissionSets) deploySet(core, content, set, userId)
}

function deploySet(core: Core, content: OrgContent, rights: RightsSet, userId: string): void {
  const { store, catalog } = core
  const events = eventNames(content.platformEvents)
  const entityId: EntityId = (type, name) => {
    if (type === 'PlatformEvent') return events.has(name) ? name : undefined
    const field = type === 'ApexClass' ? 'Name' : 'DeveloperName'
    const [row] = store.rowsWhere(catalog.get(type), field, name)
    return row && String(row['Id'])
  }
  const { set, children } = rowsOfSet(catalog, rights, entityId)
  const sets = catalog.get('PermissionSet')
  const kept = store.rowsWhere(sets, 'Name', rights.name).find((row) => row['IsOwnedByProfile'] !== 1)
  const parent = kept ? String(kept['Id']) : loadInOne(core, [['PermissionSet', [set]]], userId)[0]!
  if (kept) updateSet(core, kept, set)
  else assign(core, content, rights.name, parent, userId)
  for (const [object, wanted] of Object.entries(children)) {
    const table = catalog.get(object)
    const found = store.rowsWhere(table, 'ParentId', parent)
    const columns = table.fields.map(({ name }) => name).filter((name) => wanted.some((row) => name in row))
    if (found.length === wanted.length && same(found, wanted, columns)) continue
    for (const row of found) store.remove(table, String(row['Id']))
    if (wanted.length > 0) loadInOne(core, [[object, wanted.map((row) => ({ ParentId: parent, ...row }))]], userId)
  }
}

/** Whether both lists hold the same rows, in any order, by these columns. */
function same(found: readonly object[], wanted: readonly object[], columns: readonly string[]): boolean {
  const texts = (rows: readonly object[]): string[] =>
    rows.map((row) => JSON.stringify(columns.map((name) => plain((row as Record<string, unknown>)[name])))).sort()
  return texts(found).join('\n') === texts(wanted).join('\n')
}

/** As the store keeps it. */
const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : (value ?? null))

function updateSet({ store, catalog }: Core, kept: Row, set: Record<string, Value>): void {
  const sets = catalog.get('PermissionSet')
  const granted = sets.fields
    .filter(({ name }) => name.startsWith('Permissions'))
    .map(({ name }): [string, number] => [name, set[name] === true ? 1 : 0])
  const wanted = { ...Object.fromEntries(granted), Label: set['Label'], Description: set['Description'] } as Row
  const changed = Object.keys(wanted).filter((name) => plain(kept[name]) !== plain(wanted[name]))
  if (changed.length > 0)
    store.update(sets, String(kept['Id']), Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null])))
}

/** A set that is new is given to those people of the content who are there. */
function assign(core: Core, { people }: OrgContent, name: string, set: string, userId: string): void {
  const { store, catalog } = core
  const holders = people
    .filter(({ permissionSets }) => permissionSets.includes(name))
    .flatMap(({ login }) => store.rowsWhere(catalog.get('User'), 'Username', `${login}@practice.example`))
  const rows = holders.map((user) => ({ PermissionSetId: set, AssigneeId: String(user['Id']) }))
  if (rows.length > 0) loadInOne(core, [['PermissionSetAssignment', rows]], userId)
}
