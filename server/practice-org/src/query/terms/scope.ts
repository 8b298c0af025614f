// Field paths of a query: `Name`, `Account.Owner.Name`, `What.Type` become columns of joined tables.
import type { FieldDef, ObjectDef } from '../../schema/catalog.ts'
import { sourceSql, viewDateSql } from './recently-viewed.ts'
import { noSuchColumn } from '../../schema/refuse.ts'
import type { SeenRows } from '../../rights/seen-rows.ts'
import { columnType, quote } from '../../store/store.ts'
import { activitySource } from './activities.ts'
import { invalidField, malformed, type QueryContext } from './context.ts'
import { type Sql, sql } from './sql.ts'

const MAX_DEPTH = 5
/** Child-to-parent relationships of one query [soqlref]. */
const MAX_PARENTS = 55

/** All that is known of a record before its type is: the fields of Name. */
const NAME_FIELDS = new Set(
  [
    'Id',
    'Name',
    'Type',
    'FirstName',
    'MiddleName',
    'LastName',
    'Suffix',
    'Title',
    'Phone',
    'Email',
    'Alias',
    'Username',
  ]
    .concat([
      'IsActive',
      'NameOrAlias',
      'ProfileId',
      'RecordTypeId',
      'UserRoleId',
      'LastViewedDate',
      'LastReferencedDate',
    ])
    .map((name) => name.toLowerCase()),
)
const NAME_PARENTS = new Set(['profile', 'recordtype', 'userrole'])

/** A row that a path leads to: one table, or one of several for a polymorphic lookup. */
export interface Target {
  object: ObjectDef
  alias: string
}
export interface ParentNode {
  /** Canonical relationship names from the root. */
  path: string[]
  targets: Target[]
  polymorphic: boolean
  /** The node before it, where its path does not start at the root. */
  above?: ParentNode
  /** SQL of the parent's id; null when there is no parent, or it may not be seen. */
  idSql: string
  key: string
}

export interface ResolvedField {
  sql: string
  field: FieldDef
  object: ObjectDef
  /** The row the field is on; undefined for the root row. */
  parent: ParentNode | undefined
  /** Key of the field in the result. */
  key: string
}

const relationship = (object: ObjectDef, name: string): FieldDef | undefined =>
  object.fields.find((field) => field.relationshipName?.toLowerCase() === name.toLowerCase())

export class Scope {
  readonly context: QueryContext
  readonly root: Target
  private readonly objectAlias: string | undefined
  private readonly nodes = new Map<string, ParentNode>()
  private readonly joins: Sql[] = []
  private start: { alias: string; seen: SeenRows } | undefined

  constructor(context: QueryContext, object: ObjectDef, objectAlias?: string) {
    this.context = context
    this.root = { object, alias: context.alias() }
    this.objectAlias = objectAlias?.toLowerCase()
  }

  /** Makes the query begin at rows that the caller may see, which then are all it looks at; undefined for every row. */
  startAt(seen: SeenRows | undefined): void {
    this.start = seen && { alias: this.context.alias(), seen }
  }

  /** `"Account" t0 LEFT JOIN …`, complete once every path of the query has been resolved. */
  from(): Sql {
    const joins = this.joins.map((join) => ` ${join.text}`).join('')
    const { object, alias } = this.root
    const { catalog, rights } = this.context
    const source = object.activities
      ? activitySource(this.context, object)
      : sql(rights.shares.source(object) ?? sourceSql(catalog, rights, object))
    const { start } = this
    // CROSS JOIN keeps SQLite from turning the two around.
    const first = start ? `json_each(?) ${start.alias} CROSS JOIN ` : ''
    return sql(`${first}${source.text} ${alias}${joins}`, [
      ...(start ? [start.seen.numbers] : []),
      ...source.params,
      ...this.joins.flatMap((join) => join.params),
    ])
  }

  /** Rows the caller may see: shared with him and, unless queryAll, not deleted. */
  visible(): string[] {
    const { context, root, start } = this
    if (!start) return visibleRows(context, root)
    return [...liveRows(context, root), `${root.alias}._n = ${start.alias}.value`]
  }

  resolve(dotted: string): ResolvedField {
    const parts = this.relative(dotted.split('.'))
    const name = parts.pop() ?? ''
    const parent = parts.length ? this.parent(parts) : undefined
    if (!parent) return this.column(this.root, name, undefined)
    return parent.polymorphic ? this.polymorphicColumn(parent, name) : this.column(parent.targets[0]!, name, parent)
  }

  /** Without the alias or object name that may stand in front of a path. */
  private relative(parts: string[]): string[] {
    const first = parts[0]?.toLowerCase()
    if (parts.length < 2 || first === undefined) return parts
    if (first === this.objectAlias) return parts.slice(1)
    const isSelf = first === this.root.object.name.toLowerCase() && !relationship(this.root.object, first)
    return isSelf ? parts.slice(1) : parts
  }

  private column(target: Target, name: string, parent: ParentNode | undefined): ResolvedField {
    const field = target.object.byName.get(name.toLowerCase())
    if (!field || !this.context.rights.readable(target.object, field)) {
      throw invalidField(this.context, name, noSuchColumn(name, target.object.name))
    }
    const { object, alias } = target
    const text = viewDateSql(this.context.rights, object, field.name, alias) ?? `${alias}.${quote(field.name)}`
    return { sql: text, field, object, parent, key: field.name }
  }

  private polymorphicColumn(parent: ParentNode, name: string): ResolvedField {
    const wanted = name.toLowerCase()
    if (!NAME_FIELDS.has(wanted)) throw invalidField(this.context, name, noSuchColumn(name, 'Name'))
    const found = parent.targets.flatMap(({ object, alias }) => {
      const own = wanted === 'name' ? (object.nameField ?? 'Id') : wanted
      const field = object.byName.get(own.toLowerCase())
      return field && this.context.rights.readable(object, field) ? [{ object, alias, field }] : []
    })
    if (wanted === 'type') return this.typeColumn(parent)
    const first = found[0]
    if (!first) throw invalidField(this.context, name, noSuchColumn(name, 'Name'))
    const columns = found.map(({ alias, field }) => `${alias}.${quote(field.name)}`)
    const text = columns.length > 1 ? `coalesce(${columns.join(', ')})` : (columns[0] ?? 'NULL')
    // A function's result has no collation of its own.
    const collated = columnType(first.field).endsWith('NOCASE') ? `(${text} COLLATE NOCASE)` : text
    const key = wanted === 'name' ? 'Name' : first.field.name
    return { sql: collated, field: first.field, object: first.object, parent, key }
  }

  /** Refuses a field that Name does not have. */
  nameField(parent: ParentNode, name: string): void {
    if (!NAME_FIELDS.has(name.toLowerCase())) throw invalidField(this.context, name, noSuchColumn(name, 'Name'))
  }

  private typeColumn(parent: ParentNode): ResolvedField {
    const cases = parent.targets.map(({ object }) => `WHEN '${object.keyPrefix ?? ''}' THEN '${object.name}'`)
    const text = `(CASE substr(${parent.idSql}, 1, 3) ${cases.join(' ')} END COLLATE NOCASE)`
    const first = parent.targets[0]!
    const field = this.context.catalog.get('User').byName.get('department')!
    return { sql: text, field: { ...field, name: 'Type' }, object: first.object, parent, key: 'Type' }
  }

  /** The joined row(s) at the end of a relationship path. */
  parent(parts: string[]): ParentNode {
    const key = parts.join('.').toLowerCase()
    const known = this.nodes.get(key)
    if (known) return known
    if (this.nodes.size >= MAX_PARENTS) {
      const reason = `Maximum ${MAX_PARENTS} child-to-parent relationships are allowed in a query`
      throw malformed(this.context, parts[0] ?? '', reason)
    }
    if (parts.length > MAX_DEPTH) {
      throw invalidField(this.context, parts[0] ?? '', 'only 5 levels of parent relationships are allowed')
    }
    const before = parts.length > 1 ? this.parent(parts.slice(0, -1)) : undefined
    const node = this.joinParent(before, parts.at(-1) ?? '', key)
    this.nodes.set(key, node)
    return node
  }

  /** A path that starts at one of the kinds of record a lookup leads to, as TYPEOF has them. */
  resolveFrom(start: ParentNode, target: Target, dotted: string): ResolvedField {
    const parts = dotted.split('.')
    const name = parts.pop() ?? ''
    const own = name.toLowerCase() === 'name' && !parts.length ? (target.object.nameField ?? name) : name
    let node: ParentNode | undefined
    for (const part of parts) {
      const key = `${node?.key ?? `${start.key}:${target.object.name}`}.${part.toLowerCase()}`
      const before = node ?? { ...start, path: [], targets: [target], polymorphic: false }
      const joined = this.nodes.get(key) ?? this.joinParent(before, part, key)
      const next = node ? { ...joined, above: node } : joined
      this.nodes.set(key, next)
      node = next
    }
    const found = node?.polymorphic
      ? this.polymorphicColumn(node, own)
      : this.column(node?.targets[0] ?? target, own, node)
    return own === name ? found : { ...found, key: 'Name' }
  }

  private joinParent(before: ParentNode | undefined, name: string, key: string): ParentNode {
    const { catalog, rights } = this.context
    const known = !before?.polymorphic || NAME_PARENTS.has(name.toLowerCase())
    const from = (known ? (before?.targets ?? [this.root]) : []).find(({ object }) => relationship(object, name))
    const field = from && relationship(from.object, name)
    const reachable = (field?.referenceTo ?? [])
      .map((each) => catalog.get(each))
      .filter((each) => rights.object(each).read)
    if (!from || !field || reachable.length === 0 || !rights.readable(from.object, field)) {
      throw invalidField(
        this.context,
        name,
        `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, ` +
          "be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe " +
          'call for the appropriate names.',
      )
    }
    const lookup = `${from.alias}.${quote(field.name)}`
    const targets = reachable.map((object) => ({ object, alias: this.context.alias() }))
    for (const target of targets) {
      const on = [`${target.alias}."Id" = ${lookup}`, ...visibleRows(this.context, target)].join(' AND ')
      this.joins.push(sql(`LEFT JOIN ${quote(target.object.name)} ${target.alias} ON ${on}`))
    }
    const ids = targets.map(({ alias }) => `${alias}."Id"`)
    return {
      path: [...(before?.path ?? []), field.relationshipName ?? name],
      targets,
      polymorphic: field.referenceTo.length > 1,
      idSql: ids.length > 1 ? `coalesce(${ids.join(', ')})` : (ids[0] ?? 'NULL'),
      key,
    }
  }
}

/** Conditions that hide deleted and unshared rows of a joined table. */
function visibleRows(context: QueryContext, { object, alias }: Target): string[] {
  const share = context.rights.share(object, alias, 'read')
  return [...liveRows(context, { object, alias }), ...(share ? [share] : [])]
}

const liveRows = (context: QueryContext, { object, alias }: Target): string[] =>
  object.hasIsDeleted && !context.all ? [`${alias}."IsDeleted" = 0`] : []
