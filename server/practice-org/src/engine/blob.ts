// Blob fields: base64 text in the row, bytes to whoever asks for them.
import type { Blob } from '../org/org.ts'
import { type Core, liveRow, readableObject } from '../rules/core.ts'
import { notFound } from '../schema/refuse.ts'
import type { UserRights } from '../rights/rights.ts'

/** What an org answers for files whose kind nobody told it [K]. */
const UNKNOWN_KIND = 'application/octetstream'

/** The bytes of a blob field with the content type the row names. Throws OrgError NOT_FOUND when there are none. */
export function blobOf(core: Core, user: UserRights, name: string, id: string, fieldName: string): Blob {
  const object = readableObject(core, user, name)
  const row = liveRow(core, user, object, id)
  const field = object.byName.get(fieldName.toLowerCase())
  const stored = field?.type === 'base64' && user.readable(object, field) ? row[field.name] : null
  if (typeof stored !== 'string') throw notFound()
  const kind = row['ContentType']
  return { bytes: Buffer.from(stored, 'base64'), contentType: typeof kind === 'string' ? kind : UNKNOWN_KIND }
}
