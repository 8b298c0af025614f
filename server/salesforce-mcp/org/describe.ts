import { z } from 'zod'
import { DescribedField } from '../../contract/tool-shapes.ts'
import { comparedAs, type ComparedAs } from '../../contract/values/field-value.ts'
import { ToolFailure, UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import type { OrgConnection } from './connection.ts'

const Field = DescribedField.extend({
  // Numbers of an org are read as text.
  length: z.coerce.number(),
  relationshipName: z.string().nullish(),
  restrictedPicklist: z.boolean().nullish(),
  picklistValues: z.array(z.object({ value: z.string(), active: z.boolean() })).nullish(),
  /** The field this one is a part of, e.g. `BillingAddress` of `BillingStreet`. */
  compoundFieldName: z.string().nullish(),
})
const Description = z.object({
  name: z.string(),
  keyPrefix: z.string().nullish(),
  label: z.string(),
  fields: z.array(Field),
  childRelationships: z.array(
    z.object({ childSObject: z.string(), field: z.string(), relationshipName: z.string().nullable() }),
  ),
})
type Description = z.infer<typeof Description>
type FieldDescription = z.infer<typeof Field>

/** An object's fields and relationships, as the reading user sees them; names are found in any case, as SOQL finds them. */
export class ObjectSchema {
  readonly name: string
  readonly label: string
  /** The first three letters of the ids of its records; null without one. */
  readonly keyPrefix: string | null
  readonly fields: readonly FieldDescription[]
  readonly childRelationships: Description['childRelationships']
  readonly #byName: Map<string, FieldDescription>

  constructor(description: Description) {
    this.name = description.name
    this.label = description.label
    this.keyPrefix = description.keyPrefix ?? null
    this.fields = description.fields
    this.childRelationships = description.childRelationships
    this.#byName = new Map(description.fields.map((field) => [field.name.toLowerCase(), field]))
  }

  field(name: string): FieldDescription | undefined {
    return this.#byName.get(name.toLowerCase())
  }

  /** How values of the field are compared; null for a field that the reading user does not see, such as a parent's. */
  comparedAs(name: string): ComparedAs | null {
    const type = this.field(name)?.type
    return type === undefined ? null : comparedAs(type)
  }

  /** The lookup field behind a parent relationship such as `Owner`. */
  lookup(relationship: string): FieldDescription | undefined {
    const wanted = relationship.toLowerCase()
    return this.fields.find((field) => field.relationshipName?.toLowerCase() === wanted)
  }

  children(relationship: string): Description['childRelationships'][number] | undefined {
    const wanted = relationship.toLowerCase()
    return this.childRelationships.find((child) => child.relationshipName?.toLowerCase() === wanted)
  }
}

const KEPT_MS = 10 * 60_000

/** Object descriptions, kept for ten minutes. */
export class SchemaCache {
  readonly #connection: OrgConnection
  readonly #kept = new Map<string, { until: number; schema: Promise<ObjectSchema> }>()
  /** An object keeps its prefix for good. */
  readonly #prefixes = new Map<string, string>()

  constructor(connection: OrgConnection) {
    this.#connection = connection
  }

  /** Throws ToolFailure `not-found` for an object the org does not have or the reader may not see. */
  async of(object: string, count: CallCount): Promise<ObjectSchema> {
    const name = object.toLowerCase()
    const now = this.#connection.now().getTime()
    const kept = this.#kept.get(name)
    if (kept && kept.until > now) return kept.schema
    const schema = this.#fetch(object, count)
    this.#kept.set(name, { until: now + KEPT_MS, schema })
    schema.catch(() => this.#kept.delete(name))
    return schema
  }

  /** The first three letters of the ids of the object's records; null for an object that has none, or that the reader does not see. */
  async keyPrefix(object: string, count: CallCount): Promise<string | null> {
    const name = object.toLowerCase()
    const known = this.#prefixes.get(name)
    if (known !== undefined) return known
    try {
      const { keyPrefix } = await this.of(object, count)
      if (keyPrefix !== null) this.#prefixes.set(name, keyPrefix)
      return keyPrefix
    } catch (error) {
      if (error instanceof ToolFailure && error.code === 'not-found') return null
      throw error
    }
  }

  async #fetch(object: string, count: CallCount): Promise<ObjectSchema> {
    if (!/^[A-Za-z]\w{0,79}$/.test(object)) throw new ToolFailure('bad-request', `${object} is not an object name`)
    const path = `/sobjects/${object}/describe`
    const answer = await this.#connection.json({ method: 'GET', path, write: false, overhead: true }, count)
    const parsed = Description.safeParse(answer)
    if (!parsed.success) throw new UnclearAnswer(`the org describes ${object} in another shape`)
    return new ObjectSchema(parsed.data)
  }
}
