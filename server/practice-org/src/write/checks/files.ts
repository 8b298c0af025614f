// Files: what an org works out from the bytes it is given, and the document that stands above the versions of a file.
import { createHash } from 'node:crypto'
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { refusal, requiredMissing } from '../../schema/refuse.ts'
import type { Row, Stored } from '../../store/row.ts'

type Insert = (write: Write, object: ObjectDef, row: Row, given: ReadonlySet<string>) => string

const text = (value: Stored | undefined): string => (typeof value === 'string' ? value : '')
const bytesOf = (base64: Stored | undefined): Buffer => Buffer.from(text(base64), 'base64')

/** Names an org gives to kinds of files whose extension is not the name already [K]. */
const FILE_TYPES: Record<string, string> = {
  '': 'UNKNOWN',
  doc: 'WORD',
  docx: 'WORD_X',
  htm: 'HTML',
  jpeg: 'JPG',
  ppt: 'POWER_POINT',
  pptx: 'POWER_POINT_X',
  txt: 'TEXT',
  xls: 'EXCEL',
  xlsx: 'EXCEL_X',
}

/** `BodyLength` of an attachment. */
export const attachmentFields = (row: Row): Row => ({ BodyLength: bytesOf(row['Body']).length })

/** Size, checksum, type and title of a version, from its bytes and the path it was uploaded from. */
export function versionFields(row: Row): Row {
  if (row['VersionData'] === null || row['VersionData'] === undefined) return { FileType: 'LINK' }
  const name = text(row['PathOnClient']).split(/[\\/]/).at(-1) ?? ''
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
  const bytes = bytesOf(row['VersionData'])
  return {
    ContentSize: bytes.length,
    Checksum: createHash('md5').update(bytes).digest('hex'),
    FileExtension: extension || null,
    FileType: FILE_TYPES[extension] ?? extension.toUpperCase().slice(0, 20),
    Title: row['Title'] ?? (dot > 0 ? name.slice(0, dot) : name || null),
  }
}

/** Before a file is stored: gives a first version its document, and refuses what an org refuses. */
export function prepareFile(write: Write, object: ObjectDef, row: Row, insert: Insert): void {
  if (object.name === 'ContentDocumentLink') requireFirstLink(write, object, row)
  if (object.name !== 'ContentVersion') return
  if (row['VersionData'] === null && row['ContentUrl'] === null) throw requiredMissing(['VersionData'])
  if (row['VersionData'] !== null && row['PathOnClient'] === null) throw requiredMissing(['PathOnClient'])
  Object.assign(row, versionFields(row))
  row['IsLatest'] = 1
  row['ContentModifiedDate'] = row['ContentModifiedDate'] ?? write.now()
  row['ContentModifiedById'] = write.caller.userId
  const versions = versionsOf(write, object, row['ContentDocumentId'])
  row['VersionNumber'] = String(versions.length + 1)
  if (row['ContentDocumentId'] === null) row['ContentDocumentId'] = newDocument(write, row, insert)
  for (const each of versions) write.store.update(object, String(each['Id']), { IsLatest: 0 })
}

const versionsOf = (write: Write, object: ObjectDef, document: Stored | undefined): Row[] =>
  document ? write.store.rowsWhere(object, 'ContentDocumentId', document) : []

/** The same file hangs on a record once. */
function requireFirstLink(write: Write, object: ObjectDef, row: Row): void {
  const links = write.store.rowsWhere(object, 'ContentDocumentId', row['ContentDocumentId'] ?? null)
  const same = links.find((each) => each['LinkedEntityId'] === row['LinkedEntityId'] && each['IsDeleted'] === 0)
  if (!same) return
  const id = String(same['Id']).slice(0, 15)
  throw refusal(
    'DUPLICATE_VALUE',
    `duplicate value found: ContentDocumentId duplicates value on record with id: ${id}`,
    [],
  )
}

/** A document with its links: to its owner, and to where it was first published. */
function newDocument(write: Write, version: Row, insert: Insert): string {
  const documents = write.catalog.get('ContentDocument')
  const links = write.catalog.get('ContentDocumentLink')
  const blank = Object.fromEntries(documents.fields.map(({ name }): [string, Stored] => [name, null]))
  const own: Row = { IsArchived: 0, PublishStatus: 'P', OwnerId: version['OwnerId'] ?? null, ...shared(version) }
  const document = insert(write, documents, { ...blank, ...own }, new Set())
  const owner = version['OwnerId'] ?? null
  const place = version['FirstPublishLocationId'] ?? null
  const link = (LinkedEntityId: Stored, ShareType: string): void => {
    const row = { LinkedEntityId, ContentDocumentId: document, ShareType, Visibility: 'AllUsers' }
    insert(write, links, row, new Set(['LinkedEntityId', 'ContentDocumentId']))
  }
  link(owner, 'I')
  if (place !== null && place !== owner) link(place, 'V')
  return document
}

const SHARED = [
  'Title',
  'Description',
  'ContentSize',
  'FileType',
  'FileExtension',
  'SharingOption',
  'SharingPrivacy',
  'ContentModifiedDate',
]
const shared = (version: Row): Row =>
  Object.fromEntries(SHARED.map((name): [string, Stored] => [name, version[name] ?? null]))

/** Once a version is stored: its document tells what the latest version tells. */
export function keepDocument(write: Write, version: Row): void {
  if (version['IsLatest'] !== 1) return
  const changes: Row = { LatestPublishedVersionId: version['Id'] ?? null, SystemModstamp: write.now() }
  const document = String(version['ContentDocumentId'])
  write.store.update(write.catalog.get('ContentDocument'), document, { ...shared(version), ...changes })
}
