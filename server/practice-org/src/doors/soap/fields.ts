import { z } from 'zod'
import { OrgError, type Caller, type Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'

const HINT = (what: string, kind: string): string =>
  `If you are attempting to use a custom ${kind}, be sure to append the '__c' after the ${what}. ` +
  'Please reference your WSDL or the describe call for the appropriate names.'

const Field = z.object({
  name: z.string(),
  type: z.string(),
  length: z.number().catch(0),
  relationshipName: z.string().nullish(),
})
export type Field = z.infer<typeof Field>

/** What a SOAP caller may know of an object: its API name and its fields by lower-cased name. */
export interface KnownObject {
  name: string
  fields: ReadonlyMap<string, Field>
}

/** Every row of a call asks for its object again: a caller lives as long as one call, and so does what is known of it. */
const remembered = new WeakMap<Caller, Map<string, KnownObject>>()

/** Throws OrgError INVALID_TYPE, which concerns the whole call. */
export function knownObject(org: Org, caller: Caller, type: string): KnownObject {
  const mine = remembered.get(caller) ?? new Map<string, KnownObject>()
  remembered.set(caller, mine)
  const known = mine.get(type)
  if (known) return known
  const described = describedOrFault(org, caller, type)
  const fields = z.array(Field).parse(described['fields'])
  const name = String(described['name'])
  const object: KnownObject = { name, fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])) }
  mine.set(type, object)
  return object
}

/** The describe of an object. Throws OrgError INVALID_TYPE when the caller knows of no such object. */
export function describedOrFault(org: Org, caller: Caller, type: string): Record<string, unknown> {
  try {
    return org.describe(caller, type)
  } catch (error) {
    if (!(error instanceof OrgError) || error.body.errorCode !== 'NOT_FOUND') throw error
    const hint = HINT('entity name', 'object')
    throw refusal.badInput(`sObject type '${type}' is not supported. ${hint}`, 'INVALID_TYPE')
  }
}

/** The refusal of a field that is not there, or not for this caller. */
export function noSuchField(name: string, object: string): OrgError {
  const hint = HINT('custom field name', 'field')
  return refusal.badInput(`No such column '${name}' on entity '${object}'. ${hint}`, 'INVALID_FIELD')
}
