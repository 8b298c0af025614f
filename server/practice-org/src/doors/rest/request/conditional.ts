import { createHash } from 'node:crypto'
import { OrgError } from '../../../org/org.ts'
import type { RecordJson } from '../../../org/values.ts'
import { refusal } from '../../../wire/http/errors.ts'
import type { RestRequest, RestResponse } from './request.ts'

/** Both mean what HTTP says: nothing new since, and not the version the caller knows. */
const notModified: RestResponse = { status: 304 }

/**
 * A dated answer, or 304 when nothing changed after the date the caller has.
 * Throws OrgError 400 for a header that is no date, 412 when something changed after the date it must not have.
 */
export function dated(request: RestRequest, changedAt: number, answer: () => RestResponse): RestResponse {
  const since = headerDate(request, 'if-modified-since')
  // HTTP dates have whole seconds.
  const seconds = Math.floor(changedAt / 1000) * 1000
  if (since !== undefined && seconds <= since) return notModified
  const unmodified = headerDate(request, 'if-unmodified-since')
  if (unmodified !== undefined && seconds > unmodified) throw preconditionFailed()
  const response = answer()
  return { ...response, headers: { ...response.headers, 'Last-Modified': new Date(seconds).toUTCString() } }
}

export const isDated = (request: RestRequest): boolean =>
  request.headers['if-modified-since'] !== undefined || request.headers['if-unmodified-since'] !== undefined

function headerDate(request: RestRequest, name: string): number | undefined {
  const value = request.headers[name]
  if (value === undefined) return undefined
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw refusal.badInput(`Invalid header value for ${name}: ${value}`)
  return at
}

/** Rows of this object alone have an ETag. */
const TAGGED = 'account'

export const isTagged = (object: string): boolean => object.toLowerCase() === TAGGED

/** The ETag of a row as read by this caller: other when any field he reads is. */
export function etagOf(row: RecordJson): string {
  const { attributes: _attributes, ...fields } = row
  return `"${createHash('sha256').update(JSON.stringify(fields)).digest('base64').slice(0, 27)}--gzip"`
}

/** Answers a read of a row with the ETag and the date of the whole of it, or 304 when the caller has it already. */
export function tagged(request: RestRequest, whole: RecordJson, answer: RestResponse): RestResponse {
  const known = request.headers['if-none-match']
  const etag = etagOf(whole)
  const changedAt = Date.parse(String(whole['SystemModstamp'])) || 0
  const headers = { ...answer.headers, ETag: etag, 'Last-Modified': new Date(changedAt).toUTCString() }
  return known !== undefined && names(known, etag) ? { ...notModified, headers } : { ...answer, headers }
}

/** Throws OrgError 412 when a write names another version than the one there is. */
export function requireVersion(request: RestRequest, etag: () => string): void {
  const wanted = request.headers['if-match']
  const unwanted = request.headers['if-none-match']
  if (wanted !== undefined && !names(wanted, etag())) throw preconditionFailed()
  if (unwanted !== undefined && names(unwanted, etag())) throw preconditionFailed()
}

function names(header: string, etag: string): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}

function preconditionFailed(): OrgError {
  const message = 'The record has been modified: the precondition given in one or more headers failed'
  return new OrgError({ status: 412, errorCode: 'PRECONDITION_FAILED', message })
}
