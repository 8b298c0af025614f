// The SELECT list: which columns to fetch, and how a row of them becomes a record with its parents.
import type { FieldFunctionExpression, FieldTypeOf, FieldType } from '@jetstreamapp/soql-parser-js'
import { noSuchColumn, refusal } from '../refuse.ts'
import type { Stored } from '../store.ts'
import { addressFields, addressJson, attributesOf, blobUrl, toJson } from '../values.ts'
import type { RecordJson } from '../../org.ts'
import type { Operand } from './conditions.ts'
import { invalidField, malformed } from './context.ts'
import { formatted } from './format.ts'
import { functionOperand } from './functions.ts'
import { localeOf } from './locale.ts'
import { currencyOf, own } from './money.ts'
import type { ParentNode, ResolvedField, Scope, Target } from './scope.ts'

type Leaf = (row: Stored[]) => unknown
interface Branch {
  parent: ParentNode | undefined
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
      const custom = field.name.endsWith('__c')
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
    const parent = this.scope.parent([item.field])
    const otherwise = item.conditions.find((condition) => condition.type === 'ELSE')?.fieldList ?? []
    const idColumn = this.column(parent.idSql)
    const byPrefix = new Map(
      parent.targets.map((target) => {
        const when = item.conditions.find(
          (condition) => condition.objectType?.toLowerCase() === target.object.name.toLowerCase(),
        )
        const leaves = (when?.fieldList ?? otherwise).flatMap((name) => this.typeOfField(target, name, !when))
        return [target.object.keyPrefix ?? '', { name: target.object.name, leaves }] as const
      }),
    )
    this.root.entries.set(parent.path.at(-1) ?? item.field, (row) => {
      const id = row[idColumn]
      const found = typeof id === 'string' ? byPrefix.get(id.slice(0, 3)) : undefined
      if (!found) return null
      const record: RecordJson = { attributes: attributesOf(found.name, String(id), this.scope.context.version) }
      for (const [key, leaf] of found.leaves) record[key] = leaf(row)
      return record
    })
  }

  private typeOfField(target: Target, name: string, isElse: boolean): [string, Leaf][] {
    const { object, alias } = target
    const isName = name.toLowerCase() === 'name'
    const field = object.byName.get((isName ? (object.nameField ?? name) : name).toLowerCase())
    if (!field || !this.scope.context.rights.readable(object, field)) {
      // ELSE lists fields of whatever is left over; a type without one of them shows it blank.
      if (isElse) return [[name, () => null]]
      throw invalidField(this.scope.context, name, noSuchColumn(name, object.name))
    }
    const sql = `${alias}."${field.name}"`
    return [[isName ? 'Name' : field.name, this.leaf({ sql, field, object, parent: undefined, key: field.name })]]
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
  private attributes({ parent }: Branch, id: string): RecordJson['attributes'] {
    const { context, root } = this.scope
    const target = parent ? parent.targets.find(({ object }) => object.keyPrefix === id.slice(0, 3)) : root
    const attributes = attributesOf(target?.object.name ?? '', id, context.version)
    return parent?.polymorphic ? { ...attributes, type: 'Name' } : attributes
  }
}
