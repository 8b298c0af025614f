// Rows that belong to a record, and rows that let others at it: who may make them.
import type { ObjectDef } from '../../schema/catalog.ts'
import type { Write } from '../../rules/core.ts'
import { noAccessTo } from '../../schema/refuse.ts'
import type { Row } from '../../store/row.ts'

/** Rows that give rights to a record: as manual shares, they are for whoever may do everything with it [K]. */
const GRANTS = new Set(['AccountTeamMember', 'OpportunityTeamMember', 'ObjectTerritory2Association'])

/** Refuses a row that is shared as its parent alone to whoever may not edit that parent, one that gives rights sooner. */
export function checkParent(write: Write, object: ObjectDef, row: Row): void {
  const [name, ...others] = object.shareBy
  const field = name === undefined || others.length > 0 ? undefined : object.byName.get(name.toLowerCase())
  const id = field ? row[field.name] : undefined
  const parent = typeof id === 'string' ? write.catalog.byPrefix(id) : undefined
  if (!parent || typeof id !== 'string' || object.name === 'ContentDocumentLink') return
  if (!write.user.sharedRow(parent, id, GRANTS.has(object.name) ? 'delete' : 'edit')) throw noAccessTo(id)
}

/** Refuses to link a file on with more than a look at it, or to replace it, to whoever may only look at it himself. */
export function checkFile(write: Write, object: ObjectDef, row: Row): void {
  const isLink = object.name === 'ContentDocumentLink'
  const id = row['ContentDocumentId']
  if ((!isLink && object.name !== 'ContentVersion') || typeof id !== 'string') return
  if (isLink && (row['ShareType'] ?? 'V') === 'V') return
  if (!write.user.sharedRow(write.catalog.get('ContentDocument'), id, 'edit')) throw noAccessTo(id)
}
