import { ALWAYS_READABLE, type Grant } from '../../contract/grant.ts'
import { ToolFailure } from '../failure/failure.ts'
import type { CallCount } from '../org/calls.ts'
import type { ObjectSchema, SchemaCache } from '../org/describe.ts'

const always = new Set<string>(ALWAYS_READABLE.map((name) => name.toLowerCase()))

/** The names that a grant lets a mission read, checked one by one; the org's own names are not case-sensitive, so neither is this. */
export class Readable {
  readonly #fields: Map<string, Set<string>>
  readonly #schemas: SchemaCache
  readonly #count: CallCount

  constructor(grant: Grant, schemas: SchemaCache, count: CallCount) {
    const lower = (name: string) => name.toLowerCase()
    this.#fields = new Map(
      Object.entries(grant.reads).map(([object, names]) => [lower(object), new Set(names.map(lower))]),
    )
    this.#schemas = schemas
    this.#count = count
  }

  /** Throws `not-granted` unless the object is in the grant. */
  object(name: string): void {
    if (!this.#fields.has(name.toLowerCase())) throw notGranted(`the grant does not read ${name}`)
  }

  schema(object: string): Promise<ObjectSchema> {
    return this.#schemas.of(object, this.#count)
  }

  /**
   * Checks a field or a path through lookups (`Owner.Name`). The lookup field itself must be granted; of the record behind it
   * the fields that are always readable come with it, any other must be granted on every object it may point to.
   */
  async field(object: string, path: string): Promise<void> {
    this.object(object)
    const [first, ...rest] = path.split('.') as [string, ...string[]]
    if (rest.length === 0) return this.#own(object, first)
    const lookup = (await this.schema(object)).lookup(first)
    if (!lookup) throw notGranted(`${object} has no parent relationship ${first}`)
    this.#own(object, lookup.name)
    const [next] = rest
    if (rest.length === 1 && next && always.has(next.toLowerCase())) return
    for (const parent of lookup.referenceTo) await this.field(parent, rest.join('.'))
    if (lookup.referenceTo.length === 0) throw notGranted(`${first} of ${object} points to nothing`)
  }

  /** The child object behind a relationship such as `Opportunities`, when the grant reads it. */
  async children(object: string, relationship: string): Promise<string> {
    const child = (await this.schema(object)).children(relationship)
    if (!child) throw notGranted(`${object} has no child relationship ${relationship}`)
    this.object(child.childSObject)
    return child.childSObject
  }

  /** True when the object’s own field is granted. */
  reads(object: string, field: string): boolean {
    const name = field.toLowerCase()
    return always.has(name) || this.#fields.get(object.toLowerCase())?.has(name) === true
  }

  #own(object: string, field: string): void {
    if (!this.reads(object, field)) throw notGranted(`the grant does not read ${object}.${field}`)
  }
}

function notGranted(reason: string): ToolFailure {
  return new ToolFailure('not-granted', reason)
}
