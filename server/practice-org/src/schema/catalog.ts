// The objects an org has, read from `objects/*.json`, with the relationships between them.
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Money, withCurrencies } from './currencies.ts'
import { type FieldDef, type ObjectDef, parseObject } from './object-schema.ts'
import { withPersonFields } from './person-fields.ts'

export type { FieldDef, ObjectDef } from './object-schema.ts'

/** A lookup that points at an object, seen from the object it points at. */
export interface ChildRelationship {
  child: ObjectDef
  field: FieldDef
  /** Absent when SOQL cannot name the relationship. */
  name: string | undefined
}

export interface Catalog {
  objects: ObjectDef[]
  /** By API name, in any case. */
  find(name: string): ObjectDef | undefined
  /** By API name that is known to exist; throws a plain Error otherwise (a bug, not a refusal). */
  get(name: string): ObjectDef
  byPrefix(id: string): ObjectDef | undefined
  children(object: string): ChildRelationship[]
  /** The same with lists that are put together on reading: what a query can name. */
  lists(object: string): ChildRelationship[]
}

const OBJECTS = new URL('../objects/', import.meta.url)
let shared: Catalog | undefined

/** The catalog of the shipped objects; read once per process. */
export function shippedCatalog(): Catalog {
  shared ??= buildCatalog(filesIn(OBJECTS))
  return shared
}

export interface MoreObjects extends Money {
  /** A folder of more object files: each is one object more, and nothing else is needed. */
  objects?: URL
  /** The same as values, additions to objects among them. */
  content?: { objects: readonly unknown[] }
}

const known = new WeakMap<object, Catalog>()

/** The shipped objects with more of them; `currencies` make amounts of several. One catalog for the same content. */
export function catalogWith(options: MoreObjects): Catalog {
  const { objects, currencies, content } = options
  const found = content && !objects && !currencies ? known.get(content) : undefined
  if (found) return found
  const files = withAdditions([...filesIn(OBJECTS), ...(content?.objects ?? []), ...(objects ? filesIn(objects) : [])])
  const catalog = buildCatalog(currencies ? withCurrencies(files, options) : files)
  if (content && !objects && !currencies) known.set(content, catalog)
  return catalog
}

const addition = z.strictObject({ extends: z.string(), fields: z.array(z.unknown()) })
const extensible = z.looseObject({ name: z.string(), fields: z.array(z.unknown()) })

/** The object files with the fields of additions (`{ extends, fields }`) at the end of theirs. */
function withAdditions(files: unknown[]): unknown[] {
  const additions = files.flatMap((file) => addition.safeParse(file).data ?? [])
  const objects = files.filter((file) => !addition.safeParse(file).success).map((file) => extensible.parse(file))
  const unknown = additions.find((each) => !objects.some(({ name }) => name === each.extends))
  if (unknown) throw new Error(`fields for the unknown object ${unknown.extends}`)
  return objects.map((object) => {
    const added = additions.filter((each) => each.extends === object.name).flatMap(({ fields }) => fields)
    return added.length > 0 ? { ...object, fields: [...object.fields, ...added] } : object
  })
}

/** The object files of a folder. */
export function filesIn(folder: URL): unknown[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown)
}

/** Builds a catalog from compact object descriptions; a lookup to an unknown object is an Error. */
export function buildCatalog(files: unknown[]): Catalog {
  const objects = withPersonFields(files).map(parseObject)
  const byName = new Map(objects.map((object) => [object.name.toLowerCase(), object]))
  const byPrefix = new Map(objects.flatMap((object) => (object.keyPrefix ? [[object.keyPrefix, object] as const] : [])))
  const children = new Map<string, ChildRelationship[]>()
  for (const child of objects) {
    for (const field of child.virtual ? [] : child.fields) {
      for (const parent of field.referenceTo) {
        if (!byName.has(parent.toLowerCase()))
          throw new Error(`${child.name}.${field.name} refers to unknown ${parent}`)
        const list = children.get(parent) ?? []
        list.push({ child, field, name: field.childRelationshipName })
        children.set(parent, list)
      }
    }
  }
  const lists = (parent: string): ChildRelationship[] => [
    ...(children.get(parent) ?? []),
    ...objects.flatMap((child) => {
      // A record is in such a list by one way alone: an account by its own field, not as what an activity is about.
      const field = child.activities && child.fields.find((each) => each.referenceTo.includes(parent))
      return field?.childRelationshipName ? [{ child, field, name: field.childRelationshipName }] : []
    }),
  ]
  return {
    objects,
    lists,
    find: (name) => byName.get(name.toLowerCase()),
    get(name) {
      const object = byName.get(name.toLowerCase())
      if (!object) throw new Error(`no object ${name}`)
      return object
    },
    byPrefix: (id) => byPrefix.get(id.slice(0, 3)),
    children: (object) => children.get(object) ?? [],
  }
}

/** Whether an administrator made the field: `__c`, or `__pc` on the account of a person. */
export const isCustom = (field: FieldDef): boolean => /__p?c$/.test(field.name)

/** The label people see: given, or the API name with spaces. */
export function labelOf(field: FieldDef): string {
  if (field.label) return field.label
  const words = field.name
    .replace(/__p?c$/, '')
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
  return field.name === 'Id' ? 'Record ID' : words.replace(/ Id$/, ' ID')
}

export function picklistOf(field: FieldDef): { value: string; label: string; default: boolean }[] {
  return (field.picklist ?? []).map((entry) =>
    typeof entry === 'string'
      ? { value: entry, label: entry, default: false }
      : { value: entry.value, label: entry.label ?? entry.value, default: entry.default ?? false },
  )
}
