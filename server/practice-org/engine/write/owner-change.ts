// What follows from a new owner: an account's team and open work, as the owner-change options say.
import type { ObjectDef } from '../catalog.ts'
import type { Write } from '../core.ts'
import type { Row } from '../store.ts'
import { applyChanges } from './apply.ts'
import { removeQuietly } from './delete.ts'

/** Whether the caller may give the record to somebody else: its owner, his superior, or a right to transfer anything. */
export function mayTransfer(write: Pick<Write, 'user'>, object: ObjectDef, row: Row): boolean {
  const { system } = write.user
  if (['ModifyAllData', 'TransferAnyEntity'].some((each) => system.has(each))) return true
  if (object.name === 'Lead' && system.has('TransferAnyLead')) return true
  return write.user.sharedRow(object, String(row['Id']), 'delete')
}

const isOpen = (row: Row): boolean => row['IsClosed'] !== 1

/** Which records of an account go with it, by option; each option may be spelled as in the SOAP header or in short. */
const FOLLOWERS: { object: string; field: string; options: string[]; mine: boolean; which(row: Row): boolean }[] = [
  {
    object: 'Opportunity',
    field: 'AccountId',
    options: ['TransferOpenOpportunities', 'TransferOwnedOpenOpportunities'],
    mine: true,
    which: isOpen,
  },
  {
    object: 'Opportunity',
    field: 'AccountId',
    options: ['TransferOthersOpenOpportunities'],
    mine: false,
    which: isOpen,
  },
  {
    object: 'Opportunity',
    field: 'AccountId',
    options: ['TransferOwnedClosedOpportunities'],
    mine: true,
    which: (row) => !isOpen(row),
  },
  { object: 'Case', field: 'AccountId', options: ['TransferOwnedOpenCases'], mine: true, which: isOpen },
  { object: 'Case', field: 'AccountId', options: ['TransferAllOwnedCases'], mine: true, which: () => true },
  { object: 'Contact', field: 'AccountId', options: ['TransferContacts'], mine: true, which: () => true },
  { object: 'Contract', field: 'AccountId', options: ['TransferContracts'], mine: true, which: () => true },
  { object: 'Task', field: 'WhatId', options: ['TransferOpenActivities'], mine: true, which: isOpen },
  { object: 'Event', field: 'WhatId', options: ['TransferOpenActivities'], mine: true, which: () => true },
  { object: 'Note', field: 'ParentId', options: ['TransferNotesAndAttachments'], mine: true, which: () => true },
  { object: 'Attachment', field: 'ParentId', options: ['TransferNotesAndAttachments'], mine: true, which: () => true },
]

/** The API drops an account's team and moves nothing unless told otherwise. */
export function followOwner(
  write: Write,
  object: ObjectDef,
  before: Row,
  to: string,
  options: Record<string, boolean>,
): void {
  const id = String(before['Id'])
  if (object.name === 'Account' && !options['KeepAccountTeam']) {
    const team = write.catalog.get('AccountTeamMember')
    for (const row of write.store.rowsWhere(team, 'AccountId', id)) removeQuietly(write, team, row)
  }
  for (const follower of FOLLOWERS) {
    if (!follower.options.some((option) => options[option])) continue
    const child = write.catalog.get(follower.object)
    if (!child.byName.get(follower.field.toLowerCase())?.referenceTo.includes(object.name)) continue
    for (const row of write.store.rowsWhere(child, follower.field, id)) {
      const mine = row['OwnerId'] === before['OwnerId']
      if (row['IsDeleted'] === 1 || mine !== follower.mine || !follower.which(row) || row['OwnerId'] === to) continue
      applyChanges(write, child, row, { OwnerId: to }, new Set(['OwnerId']))
    }
  }
}
