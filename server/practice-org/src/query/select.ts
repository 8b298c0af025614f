// The SELECT list: which columns to fetch, and how a row of them becomes a record with its parents.
import type { FieldFunctionExpression, FieldTypeOf, FieldType } from '@jetstreamapp/soql-parser-js'
import { isCustom } from '../schema/catalog.ts'
import { refusal } from '../schema/refuse.ts'
import type { Stored } from '../store/row.ts'
import { addressFields, addressJson, attributesOf, blobUrl, toJson } from '../store/values.ts'
import type { RecordJson } from '../org/values.ts'
import type { Operand } from './terms/comparison.ts'
import { malformed } from './terms/context.ts'
import { formatted } from './terms/format.ts'
import { functionOperand } from './terms/functions.ts'
import { localeOf } from './terms/locale.ts'
import { currencyOf, own } from './terms/money.ts'
import type { ParentNode, ResolvedField, Scope, Target } from './terms/scope.ts'

type Leaf = (row: Stored[]) => unknown
interface Branch {
  parent: ParentNode | undefined
  /** The object of its records, where that is not to be read from their ids. */
  kind?: string
  idColumn: number
  entries: Map<string, Leaf | Branch>
}

/** An org says this without the echo of the query [soqlref]. */
const duplicate = (name: string) => refusal('INVALID_FIELD', `duplicate field selected: ${name}`)

/** Columns to fetch and the way back from a row of them to a record. */
export class Selection {
  readonly columns: string[] = []
  private readonly scope: Scope
  private readonly root: Branch
  private unnamed = 0

  constructor(scope: Scope) {
    this.scope = scope
    this.root = { parent: undefined, idColumn: this.column(`${scope.root.alias}."Id"`), entries: new Map() }
  }

  column(expression: string): number {
    const known = this.columns.indexOf(expression)
    return known >= 0 ? known : this.columns.push(expression) - 1
  }

  get isEmpty(): boolean {
    return this.root.entries.size === 0
  }

  /** Adds one item of the SELECT list; subqueries are not its business. */
  add(item: FieldType): void {
    if (item.type === 'Field' || item.type === 'FieldRelationship') {
      if ('alias' in item && item.alias) {
        throw malformed(this.scope.context, item.alias, 'only aggregate expressions use field aliasing')
      }
      const path = item.type === 'Field' ? item.field : [...item.relationships, item.field].join('.')
      this.addField(this.scope.resolve(path), path)
    } else if (item.type === 'FieldTypeof') this.addTypeOf(item)
    else if (item.type === 'FieldFunctionExpression') {
      if (item.functionName.toUpperCase() === 'FIELDS') this.addAll(String(item.parameters[0]))
      else this.addCall(item)
    }
  }

  /** A function stands under its alias, else under the name of its field, as that field does. */
  private addCall(item: FieldFunctionExpression): void {
    const operand = functionOperand(this.scope, item)
    const isPlace = item.functionName.toUpperCase() === 'DISTANCE'
    const key = item.alias ?? (isPlace ? `expr${this.unnamed++}` : operand.field.name)
    const resolved = 'parent' in operand && !item.alias ? (operand as ResolvedField).parent : undefined
    const branch = resolved ? this.branch(resolved) : this.root
    if (branch.entries.has(key)) throw duplicate(key)
    branch.entries.set(key, this.shown(operand, item.functionName.toUpperCase() === 'FORMAT'))
  }

  private shown(operand: Operand, isFormat: boolean): Leaf {
    const { field } = operand
    const column = this.column(operand.sql)
    if (!isFormat) return (row) => toJson(field, row[column] ?? null)
    const locale = localeOf(this.scope.context)
    const code = currencyOf(this.scope, operand)
    if (!code) return (row) => formatted(field, row[column] ?? null, locale)
    const codeColumn = this.column(code)
    const inOwn = operand.code ? -1 : this.column(own(this.scope, operand).sql)
    return (row) =>
      formatted(field, row[column] ?? null, locale, { code: String(row[codeColumn]), inOwn: row[inOwn] ?? null })
  }

  private addAll(group: string): void {
    const wanted = group.toUpperCase()
    const { object } = this.scope.root
    for (const field of object.fields) {
      const custom = isCustom(field)
      if ((wanted === 'CUSTOM' && !custom) || (wanted === 'STANDARD' && custom)) continue
      if (this.scope.context.rights.readable(object, field)) this.addField(this.scope.resolve(field.name), field.name)
    }
  }

  private addField(resolved: ResolvedField, written: string): void {
    const branch = resolved.parent ? this.branch(resolved.parent) : this.root
    if (branch.entries.has(resolved.key)) {
      throw duplicate(written)
    }
    branch.entries.set(resolved.key, this.leaf(resolved))
  }

  private leaf({ field, sql, object }: ResolvedField): Leaf {
    if (field.type === 'base64') {
      const alias = sql.slice(0, sql.indexOf('.'))
      const [id, filled] = [this.column(`${alias}."Id"`), this.column(`(${sql} IS NOT NULL)`)]
      const { version } = this.scope.context
      return (row) => (row[filled] === 1 ? blobUrl(object.name, String(row[id]), field.name, version) : null)
    }
    if (field.type === 'address') {
      const alias = sql.slice(0, sql.indexOf('.'))
      const parts = addressFields(field.name).map((name) => this.column(`${alias}."${name}"`))
      return (row) => addressJson(parts.map((part) => row[part] ?? null))
    }
    const column = this.column(sql)
    return (row) => toJson(field, row[column] ?? null)
  }

  private branch(parent: ParentNode): Branch {
    const path = parent.path
    const above = path.length > 1 ? this.branch(this.scope.parent(path.slice(0, -1))) : this.root
    const name = path.at(-1) ?? ''
    const known = above.entries.get(name)
    if (known && typeof known !== 'function') return known
    const fresh: Branch = { parent, idColumn: this.column(parent.idSql), entries: new Map() }
    above.entries.set(name, fresh)
    return fresh
  }

  private addTypeOf(item: FieldTypeOf): void {
    const { scope } = this
    const parent = scope.parent(item.field.split('.'))
    if (!parent.polymorphic) {
      throw malformed(scope.context, item.field, `TYPEOF: '${item.field}' is not a polymorphic relationship field`)
    }
    this.checkKinds(item, parent)
    const otherwise = item.conditions.find((condition) => condition.type === 'ELSE')?.fieldList
    for (const name of otherwise ?? []) scope.nameField(parent, name)
    const idColumn = this.column(parent.idSql)
    const kinds = new Map(
      parent.targets.map((target) => {
        const { name, keyPrefix } = target.object
        const when = item.conditions.find(({ objectType }) => objectType?.toLowerCase() === name.toLowerCase())
        const kind: Branch = { parent: undefined, kind: name, idColumn, entries: new Map() }
        if (when) for (const path of when.fieldList) this.addOf(kind, scope.resolveFrom(parent, target, path))
        else for (const path of otherwise ?? []) kind.entries.set(...this.elseField(target, path))
        return [keyPrefix ?? '', kind] as const
      }),
    )
    const above = parent.path.length > 1 ? this.branch(scope.parent(parent.path.slice(0, -1))) : this.root
    above.entries.set(parent.path.at(-1) ?? item.field, (row) => {
      const kind = kinds.get(String(row[idColumn] ?? '').slice(0, 3))
      return kind?.entries.size ? this.assemble(kind, row) : null
    })
  }

  private checkKinds(item: FieldTypeOf, parent: ParentNode): void {
    const known = parent.targets.map(({ object }) => object.name.toLowerCase())
    const stranger = item.conditions.find(({ objectType }) => objectType && !known.includes(objectType.toLowerCase()))
    if (!stranger?.objectType) return
    const reason = `TYPEOF: '${stranger.objectType}' is not a type that '${item.field}' can refer to`
    throw malformed(this.scope.context, stranger.objectType, reason)
  }

  /** A field of a kind of record, under the parents its path leads through. */
  private addOf(kind: Branch, resolved: ResolvedField): void {
    const chain: ParentNode[] = []
    for (let node = resolved.parent; node; node = node.above) chain.unshift(node)
    let branch = kind
    for (const node of chain) {
      const name = node.path.at(-1) ?? ''
      const known = branch.entries.get(name)
      const next: Branch =
        known && typeof known !== 'function'
          ? known
          : { parent: node, idColumn: this.column(node.idSql), entries: new Map() }
      branch.entries.set(name, next)
      branch = next
    }
    if (branch.entries.has(resolved.key)) throw duplicate(resolved.key)
    branch.entries.set(resolved.key, this.leaf(resolved))
  }

  /** ELSE lists fields of Name; a type without one of them shows it blank. */
  private elseField(target: Target, name: string): [string, Leaf] {
    const { object, alias } = target
    const isName = name.toLowerCase() === 'name'
    const field = object.byName.get((isName ? (object.nameField ?? name) : name).toLowerCase())
    if (name.toLowerCase() === 'type') return ['Type', () => object.name]
    if (!field || !this.scope.context.rights.readable(object, field)) return [name, () => null]
    const sql = `${alias}."${field.name}"`
    return [isName ? 'Name' : field.name, this.leaf({ sql, field, object, parent: undefined, key: field.name })]
  }

  /** The record a fetched row stands for. */
  record(row: Stored[]): RecordJson {
    return this.assemble(this.root, row) as RecordJson
  }

  private assemble(branch: Branch, row: Stored[]): RecordJson | null {
    const id = row[branch.idColumn]
    if (typeof id !== 'string') return null
    const record: RecordJson = { attributes: this.attributes(branch, id) }
    for (const [key, entry] of branch.entries) {
      record[key] = typeof entry === 'function' ? entry(row) : this.assemble(entry, row)
    }
    return record
  }

  /** A polymorphic parent is a `Name`, whose url tells the true type [K]. */
  private attributes({ parent, kind }: Branch, id: string): RecordJson['attributes'] {
    const { context, root } = this.scope
    if (kind) return attributesOf(kind, id, context.version)
    const target = parent ? parent.targets.find(({ object }) => object.keyPrefix === id.slice(0, 3)) : root
    const attributes = attributesOf(target?.object.name ?? '', id, context.version)
    return parent?.polymorphic ? { ...attributes, type: 'Name' } : attributes
  }
}
