// One sharing rule, made out: with which group, at which levels, and which records, as a condition in SQL.
import type { Catalog, ObjectDef } from '../schema/catalog.ts'
import { membersOf } from '../store/memberships.ts'
import { quote, type Store } from '../store/store.ts'
import type { Row } from '../store/row.ts'
import { coerce } from '../store/coerce.ts'
import type { Child, Criterion, Holder, Level, SharingRule } from '../schema/share-shape.ts'

/** A rule that acts: what it names is there. */
export interface ActingRule {
  /** Its place among the rules of its object, from 0. */
  place: number
  /** The group it shares with. */
  target: string
  access: Level
  /** Accounts: what it shares their children as. */
  children: Record<Child, Level>
  /** Which rows it shares; `isIndexed` for the form that an index may answer. */
  where(alias: string, isIndexed: boolean): string
  /** Fields whose values decide. */
  fields: string[]
}

const TYPES: Record<string, string> = {
  group: 'Regular',
  role: 'Role',
  roleAndSubordinates: 'RoleAndSubordinates',
  territory: 'Territory',
  territoryAndSubordinates: 'TerritoryAndSubordinates',
  queue: 'Queue',
}

const text = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

/** The group row of some people; undefined when nothing has that name. */
export function groupOf(store: Store, catalog: Catalog, holder: Holder): Row | undefined {
  const groups = catalog.get('Group')
  if ('allInternalUsers' in holder) return store.rowsWhere(groups, 'Type', 'Organization')[0]
  const [[kind, name] = ['', '']] = Object.entries(holder) as [string, string][]
  return store.rowsWhere(groups, 'DeveloperName', name).find((row) => row['Type'] === TYPES[kind])
}

/** Makes a rule out; undefined while somebody it names is not there. */
export function actingRule(
  store: Store,
  catalog: Catalog,
  object: ObjectDef,
  rule: SharingRule,
  place: number,
): ActingRule | undefined {
  const target = groupOf(store, catalog, rule.with)
  const source = rule.ownedBy && groupOf(store, catalog, rule.ownedBy)
  if (!target || (rule.ownedBy && !source)) return undefined
  const owners = source ? ownersIn(store, catalog, source) : []
  const list = owners.map(text).join(', ')
  const when = (rule.when ?? []).map((each) => criterionSql(object, each))
  return {
    place,
    target: String(target['Id']),
    access: rule.access,
    children: { Opportunity: rule.opportunities, Case: rule.cases, Contact: rule.contacts },
    fields: source ? ['OwnerId'] : (rule.when ?? []).map(({ field }) => field),
    where: (alias, isIndexed) =>
      source
        ? `${isIndexed ? '' : '+'}${alias}."OwnerId" IN (${list})`
        : `(${when.map((condition) => condition(alias)).join(' AND ')})`,
  }
}

/** A queue owns by itself, any other group through its members. */
const ownersIn = (store: Store, catalog: Catalog, group: Row): string[] =>
  group['Type'] === 'Queue' ? [String(group['Id'])] : membersOf(store, catalog, group)

/** Text is compared as it is written, other than in queries [help: criteria-based sharing rules]. */
function criterionSql(object: ObjectDef, { field: name, is, value }: Criterion): (alias: string) => string {
  const field = object.byName.get(name.toLowerCase())
  if (!field) throw new Error(`a sharing rule names ${object.name}.${name}, which is not there`)
  const stored = is === 'blank' ? null : coerce(field, value ?? null)
  const column = (alias: string) => `${alias}.${quote(field.name)}`
  if (stored === null) return (alias) => `${column(alias)} IS ${is === '!=' ? 'NOT NULL' : 'NULL'}`
  const wanted = text(stored)
  const exact = typeof stored === 'string' ? ' COLLATE BINARY' : ''
  switch (is) {
    case 'contains':
      return (alias) => `instr(${column(alias)}, ${wanted}) > 0`
    case 'starts with':
      return (alias) => `substr(${column(alias)}, 1, ${[...String(stored)].length}) = ${wanted}${exact}`
    case '!=':
      return (alias) => `(${column(alias)} IS NULL OR ${column(alias)} <> ${wanted}${exact})`
    case '=':
      // The index knows text without case; the second comparison knows it as it is.
      return (alias) => `(${column(alias)} = ${wanted} AND ${column(alias)} = ${wanted}${exact})`
    default:
      return (alias) => `${column(alias)} ${is} ${wanted}${exact}`
  }
}
