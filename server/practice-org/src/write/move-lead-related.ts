// What hangs on a lead, and where its conversion hangs it.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import type { Row } from '../store/row.ts'
import { writeRow } from './apply.ts'
import { removeQuietly } from './delete.ts'
import { derive } from './checks/derive.ts'

export interface Converted {
  /** The contact of the person account, when the lead became one. */
  contactId: string | null
  /** The opportunity, else the account. */
  whatId: string
}

/**
 * Campaign memberships and activities go to the contact, activities to the opportunity or account as well, notes and
 * attachments to the contact. Where the contact is a member of the campaign already, the lead's membership goes.
 */
export function moveLeadRelated(write: Write, leadId: string, { contactId, whatId }: Converted): void {
  const target = contactId ?? whatId
  for (const [object, row] of living(write, 'CampaignMember', 'LeadId', leadId)) {
    if (contactId === null) continue
    if (isMember(write, object, row, contactId)) removeQuietly(write, object, row)
    else change(write, object, row, { ContactId: contactId })
  }
  for (const name of ['Task', 'Event']) {
    for (const [object, row] of living(write, name, 'WhoId', leadId))
      change(write, object, row, { WhoId: contactId, WhatId: whatId })
  }
  for (const name of ['Note', 'Attachment']) {
    for (const [object, row] of living(write, name, 'ParentId', leadId))
      change(write, object, row, { ParentId: target })
  }
}

function living(write: Write, name: string, field: string, leadId: string): [ObjectDef, Row][] {
  const object = write.catalog.get(name)
  return write.store
    .rowsWhere(object, field, leadId)
    .filter((row) => row['IsDeleted'] !== 1)
    .map((row): [ObjectDef, Row] => [object, row])
}

function isMember(write: Write, object: ObjectDef, row: Row, contactId: string): boolean {
  return write.store
    .rowsWhere(object, 'ContactId', contactId)
    .some((other) => other['CampaignId'] === row['CampaignId'] && other['IsDeleted'] !== 1)
}

function change(write: Write, object: ObjectDef, before: Row, changes: Row): void {
  const { store, catalog } = write
  const after = { ...before, ...changes }
  Object.assign(after, derive({ store, catalog, object, after, before, given: new Set(), now: write.now() }))
  const changed = Object.keys(after).filter((name) => after[name] !== before[name])
  writeRow(write, object, before, after, changed)
}
