// Bodies of several parts (RFC 2046): a part of JSON about a record, and the bytes of its files.

import { OrgError } from '../../../org/org.ts'

/** One part of a body. */
export interface Part {
  name: string
  /** Only parts with bytes have one. */
  filename: string | undefined
  bytes: Buffer
}

export interface Multipart {
  /** The text of the part that is not binary. */
  entity: string
  /** The binary parts by name. */
  files: ReadonlyMap<string, Buffer>
}

const LINE = Buffer.from('\r\n')
const BLANK_LINE = Buffer.from('\r\n\r\n')

/** Whether a content type announces parts. */
export const isMultipart = (contentType: string | undefined): contentType is string =>
  /^multipart\/form-data\b/i.test(contentType ?? '')

/**
 * The one part of JSON and the binary parts of a body.
 * Throws OrgError INVALID_MULTIPART_REQUEST when the body is no such message.
 */
export function readMultipart(contentType: string, body: Buffer): Multipart {
  const boundary = /;\s*boundary="?([^";]{1,200})"?/i.exec(contentType)?.[1]
  if (!boundary) throw invalid('Multipart message must specify a boundary')
  const parts = split(body, boundary.trim())
  const [entity] = parts.filter((part) => part.filename === undefined)
  if (!entity) throw invalid('Multipart message must include a non-binary part')
  const files = parts.filter((part) => part.filename !== undefined)
  return { entity: entity.bytes.toString('utf8'), files: new Map(files.map(({ name, bytes }) => [name, bytes])) }
}

function split(body: Buffer, boundary: string): Part[] {
  const mark = Buffer.from(`--${boundary}`)
  const parts: Part[] = []
  let at = body.indexOf(mark)
  while (at >= 0) {
    const from = at + mark.length
    if (body.subarray(from, from + 2).toString('latin1') === '--') return parts
    const next = body.indexOf(mark, from)
    if (next < 0) throw invalid('Multipart message has no closing boundary')
    parts.push(partOf(body.subarray(from, next)))
    at = next
  }
  throw invalid('Multipart message has no parts')
}

/** Headers, a blank line, the content; the line break before the next boundary belongs to the boundary. */
function partOf(raw: Buffer): Part {
  const headEnd = raw.indexOf(BLANK_LINE)
  if (headEnd < 0) throw invalid('A part of the multipart message has no headers')
  const head = raw.subarray(0, headEnd).toString('utf8')
  const end = raw.subarray(-2).equals(LINE) ? raw.length - 2 : raw.length
  const disposition = /^content-disposition:\s*form-data\b(.*)$/im.exec(head)?.[1] ?? ''
  const name = /;\s*name="?([^";\r\n]*)"?/i.exec(disposition)?.[1]
  if (name === undefined) throw invalid('A part of the multipart message has no name')
  const filename = /;\s*filename="?([^"\r\n]*?)"?\s*(?:;|$)/i.exec(disposition)?.[1]
  return { name, filename, bytes: raw.subarray(headEnd + BLANK_LINE.length, end) }
}

function invalid(message: string): OrgError {
  return new OrgError({ status: 400, errorCode: 'INVALID_MULTIPART_REQUEST', message })
}
