import type { Caller, Org } from '../../org/org.ts'
import { refusal } from '../../wire/http/errors.ts'
import { text, texts, type XmlElement } from '../../wire/xml/xml.ts'
import { isSince } from '../../org/api-versions.ts'
import { readCustomField } from './custom-field.ts'
import { FIRST_WITH_VALUE_SETS, readStandardValueSet } from './value-sets.ts'

type Reader = (org: Org, caller: Caller, fullName: string) => Record<string, unknown> | null

/** The types that can be read, with the version that brought each. */
const READERS: ReadonlyMap<string, { since: number; read: Reader }> = new Map([
  ['CustomField', { since: 0, read: readCustomField }],
  ['StandardValueSet', { since: FIRST_WITH_VALUE_SETS, read: readStandardValueSet }],
])

const MAX_COMPONENTS = 10

/**
 * `readMetadata(type, fullNames+)`: one record per name, null for a name that is none. Throws OrgError EXCEEDED_ID_LIMIT
 * above ten names, INVALID_TYPE for other types; both texts are seen [web].
 */
export function readMetadata(body: XmlElement, org: Org, caller: Caller): unknown[] {
  const names = texts(body, 'fullNames')
  if (names.length > MAX_COMPONENTS) {
    const message = `record limit reached. cannot submit more than ${MAX_COMPONENTS} records in this operation`
    throw refusal.badInput(message, 'EXCEEDED_ID_LIMIT')
  }
  const type = text(body, 'type') ?? ''
  const reader = READERS.get(type)
  if (!reader || !isSince(caller.version, reader.since)) {
    throw refusal.badInput('This type of metadata is not available for this organization', 'INVALID_TYPE')
  }
  return names.map((name) => {
    const component = reader.read(org, caller, name)
    return component && { '@xsi:type': type, ...component }
  })
}
