// What a batch of the older API holds, in each of its content types, as rows.

import { OrgError } from '../../../org/org.ts'
import type { Value } from '../../../org/values.ts'
import { parseJson } from '../../../wire/http/body.ts'
import {
  elements,
  isElement,
  parseXml,
  child,
  text as textOf,
  type XmlElement,
  type XmlValue,
} from '../../../wire/xml/xml.ts'
import { SoapFault } from '../../../wire/xml/fault.ts'
import type { CONTENT_TYPES } from './batch-order.ts'
import { BadBatch, type Columns } from '../jobs/columns.ts'
import { cellValues, headerOf, readRecord } from '../jobs/csv-rows.ts'
import type { SentRow } from '../jobs/row-writes.ts'
import { readZip, ZipError } from './zip.ts'

export type ContentType = (typeof CONTENT_TYPES)[number]

export const MAX_RECORDS = 10_000
/** Unpacked size of a ZIP batch. */
const MAX_ZIP = 20 * 1024 * 1024

/** The rows of a batch; `content` is base64 for a ZIP. Throws BadBatch. */
export function batchRows(type: ContentType, content: string, columns: Columns): SentRow[] {
  const files = type.startsWith('ZIP_') ? unzipped(content) : undefined
  const text = files ? requestOf(files) : content
  const read = { CSV: csvRows, XML: xmlRows, JSON: jsonRows }[type.replace('ZIP_', '') as 'CSV' | 'XML' | 'JSON']
  const rows = read(text)
  if (rows.length === 0) throw new BadBatch('InvalidBatch : Records not found')
  if (rows.length > MAX_RECORDS) {
    throw new BadBatch(`InvalidBatch : Exceeded max number of records in a batch: ${MAX_RECORDS}`)
  }
  return files ? rows.map((row) => withFiles(row, files, columns)) : rows
}

function csvRows(text: string): SentRow[] {
  const header = readRecord(text, 0, ',')
  if (!header) throw new BadBatch('InvalidBatch : The batch has no header row')
  const paths = headerOf(header.cells)
  const rows: SentRow[] = []
  for (let row = readRecord(text, header.next, ','); row; row = readRecord(text, row.next, ',')) {
    rows.push({ paths, values: cellValues(paths, row.cells) })
  }
  return rows
}

function jsonRows(text: string): SentRow[] {
  const records = unlessBroken(() => parseJson(text))
  if (!Array.isArray(records))
    throw new BadBatch('InvalidBatch : Unable to parse Batch: an array of records is expected')
  return records.map((record: unknown) => {
    if (typeof record !== 'object' || record === null) throw new BadBatch('InvalidBatch : A record must be an object')
    return rowOf(
      Object.entries(record).filter(([name]) => name !== 'attributes'),
      fromJson,
    )
  })
}

function xmlRows(text: string): SentRow[] {
  const records = unlessBroken(() => elements(child(parseXml(text), 'sObjects'), 'sObject'))
  return records.map((record) =>
    rowOf(
      Object.entries(record).filter(([name]) => name !== 'type'),
      fromXml,
    ),
  )
}

/** What a member says: its path, and the value there; undefined leaves the field as it is. */
type Member = [path: string, value: Value | undefined]

function rowOf<T>(members: [string, T][], read: (name: string, value: T) => Member): SentRow {
  const pairs = members.map(([name, value]) => read(name, value))
  return { paths: pairs.map(([path]) => path), values: pairs.map(([, value]) => value) }
}

function fromJson(name: string, value: unknown): Member {
  if (Array.isArray(value)) throw new BadBatch(`InvalidBatch : ${name} must not be an array`)
  if (value !== null && typeof value === 'object') {
    const { attributes, ...rest } = value as Record<string, unknown>
    const type = typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, 'type') : undefined
    return parent(name, typeof type === 'string' ? type : undefined, Object.entries(rest))
  }
  if (value === '') return [name, undefined]
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [name, value]
  }
  throw new BadBatch(`InvalidBatch : ${name} has no value that can be read`)
}

function fromXml(name: string, value: XmlValue): Member {
  if (Array.isArray(value)) throw new BadBatch(`InvalidBatch : ${name} occurs more than once`)
  if (!isElement(value)) return [name, value === '' ? undefined : value]
  const inner: XmlElement = child(value, 'sObject')
  return parent(
    name,
    textOf(inner, 'type'),
    Object.entries(inner).filter(([key]) => key !== 'type'),
  )
}

/** `Owner: { Username }` becomes what a header row calls `User:Owner.Username`. */
function parent(name: string, type: string | undefined, members: [string, unknown][]): Member {
  const [member, ...more] = members
  if (!member || more.length > 0) throw new BadBatch(`InvalidBatch : ${name} must name its record by one field`)
  const [key, value] = member
  return [`${type === undefined ? '' : `${type}:`}${name}.${key}`, typeof value === 'string' ? value : String(value)]
}

function unlessBroken<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof SoapFault || error instanceof OrgError) {
      throw new BadBatch(`InvalidBatch : Unable to parse Batch: ${error.message}`)
    }
    throw error
  }
}

function unzipped(content: string): Map<string, Buffer> {
  try {
    return readZip(Buffer.from(content, 'base64'), MAX_ZIP)
  } catch (error) {
    if (error instanceof ZipError) throw new BadBatch(`InvalidBatch : Unable to read the ZIP: ${error.message}`)
    throw error
  }
}

function requestOf(files: Map<string, Buffer>): string {
  const request = files.get('request.txt')
  if (!request) throw new BadBatch('InvalidBatch : Unable to find request.txt in the ZIP')
  return request.toString('utf8')
}

/** A blob field says `#name` of a file in the archive. */
function withFiles({ paths, values }: SentRow, files: Map<string, Buffer>, columns: Columns): SentRow {
  const read = (path: string, value: Value | undefined): Value | undefined => {
    if (typeof value !== 'string' || columns.of(path).type !== 'base64') return value
    const file = value.startsWith('#') ? files.get(value.slice(1)) : undefined
    // Stays as it is, and is then refused as no base64 text of its row.
    return file ? file.toString('base64') : value
  }
  return { paths, values: values.map((value, index) => read(paths[index] ?? '', value)) }
}
