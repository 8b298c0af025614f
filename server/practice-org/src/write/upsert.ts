// Upserting: which record a key means, and what is left to write to it.
import { type Core, readableObject, rightsOf } from '../rules/core.ts'
import { normalizeId } from '../schema/ids.ts'
import { type Caller, OrgError } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { refusal } from '../schema/refuse.ts'
import { attributesOf } from '../store/values.ts'

/** The record a key names (`id` null: none yet) and the fields to write; several matches are refused with status 300 and those the caller sees. */
export function upsertRecord(
  core: Core,
  caller: Caller,
  objectName: string,
  keyField: string,
  key: string,
  fields: Record<string, Value>,
): { id: string | null; fields: Record<string, Value> } {
  const user = rightsOf(core, caller.userId)
  const object = readableObject(core, user, objectName)
  const field = object.byName.get(keyField.toLowerCase())
  if (!field || !(field.idLookup || field.externalId) || !user.readable(object, field)) {
    const message = `Provided external ID field does not exist or is not accessible: ${keyField}`
    throw refusal('NOT_FOUND', message, undefined, 404)
  }
  if (Object.keys(fields).some((name) => name.toLowerCase() === field.name.toLowerCase())) {
    throw refusal('INVALID_FIELD', `The ${field.name} field should not be specified in the sobject data.`)
  }
  if (field.name === 'Id') return { id: key ? (normalizeId(key) ?? key) : null, fields }
  const live = core.store.rowsWhere(object, field.name, key).filter((row) => row['IsDeleted'] !== 1)
  if (live.length > 1) {
    const ids = live.map((row) => String(row['Id'])).filter((id) => user.sharedRow(object, id, 'read'))
    const urls = ids.map((id) => attributesOf(object.name, id, caller.version).url)
    throw new OrgError({
      errorCode: 'MULTIPLE_CHOICES',
      message: 'The external ID is not unique',
      status: 300,
      extra: { urls },
    })
  }
  const found = live[0]
  if (found) return { id: String(found['Id']), fields }
  return { id: null, fields: { ...fields, [field.name]: key } }
}
