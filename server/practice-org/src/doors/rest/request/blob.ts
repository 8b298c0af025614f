// Blob fields over REST: bytes on reading one, parts of the body on writing.

import { refusal } from '../../../wire/http/errors.ts'
import type { RestContext, RestRequest, RestResponse } from './request.ts'

/** `GET /sobjects/X/{id}/{field}`: the bytes of a blob field. */
export function readBlob({ org, caller }: RestContext, object: string, id: string, field: string): RestResponse {
  const { bytes, contentType } = org.blob(caller, object, id, field)
  return { status: 200, bytes, headers: { 'Content-Type': contentType } }
}

/** A row with the binary parts of its call: each part is the content of the field it is named after. */
export function withFiles(request: RestRequest, json: Record<string, unknown>): Record<string, unknown> {
  const files = [...(request.files ?? [])].map(([name, bytes]) => [name, bytes.toString('base64')])
  return { ...json, ...Object.fromEntries(files) }
}

interface Attributes {
  binaryPartName?: string | undefined
  binaryPartNameAlias?: string | undefined
}

/** The one binary part that a row or sub-request names, as the field it stands for. Throws OrgError when there is no such part. */
export function namedFile(request: RestRequest, attributes: Attributes | undefined): ReadonlyMap<string, Buffer> {
  const name = attributes?.binaryPartName
  if (name === undefined) return new Map()
  const bytes = request.files?.get(name)
  if (!bytes) throw refusal.badInput(`Binary part not found: ${name}`, 'INVALID_MULTIPART_REQUEST')
  return new Map([[attributes?.binaryPartNameAlias ?? name, bytes]])
}

/** Blobs have no place in the JSON of a composite. Throws OrgError. */
export function jsonOnly(response: RestResponse): unknown {
  if (response.bytes === undefined) return response.body ?? null
  throw refusal.badInput('Binary data cannot be retrieved by a sub-request')
}
