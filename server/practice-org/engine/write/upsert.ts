// Upserting: which record a key means, and what is left to write to it.
import { type Core, readableObject } from '../core.ts'
import { normalizeId } from '../ids.ts'
import { OrgError, type Value } from '../../org.ts'
import { refusal } from '../refuse.ts'
import type { UserRights } from '../rights.ts'
import { attributesOf } from '../values.ts'

/** The record a key names (`id` null: none yet) and the fields to write; several matches are refused with status 300. */
export function upsertRecord(
  core: Core,
  user: UserRights,
  objectName: string,
  keyField: string,
  key: string,
  fields: Record<string, Value>,
): { id: string | null; fields: Record<string, Value> } {
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
    const urls = live.map((row) => attributesOf(object.name, String(row['Id']), '66.0').url)
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
