import type { WriteOptions } from '../../../org/org.ts'
import { parseOptions } from '../../../wire/http/headers.ts'
import { refusal } from '../../../wire/http/errors.ts'
import type { RestRequest } from './request.ts'

/** What the headers of a write ask for. Throws OrgError 400 for an If-Unmodified-Since that is no date. */
export function writeOptions(request: RestRequest): WriteOptions {
  const duplicates = parseOptions(request.headers['sforce-duplicate-rule-header'])
  return {
    ...(duplicates.get('allowsave')?.toLowerCase() === 'true' ? { allowSaveOnDuplicate: true } : {}),
    ...unmodifiedSince(request.headers['if-unmodified-since']),
  }
}

function unmodifiedSince(value: string | undefined): WriteOptions {
  if (value === undefined) return {}
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw refusal.badInput(`Invalid header value for If-Unmodified-Since: ${value}`)
  return { ifUnmodifiedSince: at }
}

/** `allOrNone=true` in a query string or `allOrNone: true` in a body. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true')
}
