// What follows from a new owner: an account's team and open work, as the owner-change options say.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import { refusal } from '../schema/refuse.ts'
import type { Row } from '../store/row.ts'
import { applyChanges } from './apply.ts'
import { removeQuietly } from './delete.ts'

type Options = Record<string, boolean>

/** Whether the caller may give the record to somebody else: its owner, his superior, or a right to transfer anything. */
export function mayTransfer(write: Pick<Write, 'user'>, object: ObjectDef, row: Row): boolean {
  const { system } = write.user
  if (['ModifyAllData', 'TransferAnyEntity'].some((each) => system.has(each))) return true
  if (object.name === 'Lead' && system.has('TransferAnyLead')) return true
  const id = String(row['Id'])
  return write.user.transfers(object)
    ? write.user.sharedRow(object, id, 'edit')
    : write.user.sharedRow(object, id, 'delete')
}

const isOpen = (row: Row): boolean => row['IsClosed'] !== 1
const isDraft = (row: Row): boolean => row['StatusCode'] === 'Draft' || row['Status'] === 'Draft'

interface Follower {
  object: string
  field: string
  option: string
  /** Whether those of the old owner follow, or those of everybody else. */
  mine: boolean
  which(row: Row): boolean
}
const follower = (
  object: string,
  field: string,
  option: string,
  which: Follower['which'] = () => true,
  mine = true,
): Follower => ({ object, field, option, which, mine })

/** Which records go with a record, by the type of the owner-change option. */
const FOLLOWERS: readonly Follower[] = [
  follower('Opportunity', 'AccountId', 'TransferOwnedOpenOpportunities', isOpen),
  follower('Opportunity', 'AccountId', 'TransferOthersOpenOpportunities', isOpen, false),
  follower('Opportunity', 'AccountId', 'TransferOwnedClosedOpportunities', (row) => !isOpen(row)),
  follower('Case', 'AccountId', 'TransferOwnedOpenCases', isOpen),
  follower('Case', 'AccountId', 'TransferAllOwnedCases'),
  follower('Contact', 'AccountId', 'TransferContacts'),
  follower('Contract', 'AccountId', 'TransferContracts'),
  follower('Order', 'AccountId', 'TransferOrders', isDraft),
  follower('Task', 'WhatId', 'TransferOpenActivities', isOpen),
  follower('Task', 'WhoId', 'TransferOpenActivities', isOpen),
  follower('Event', 'WhatId', 'TransferOpenActivities'),
  follower('Event', 'WhoId', 'TransferOpenActivities'),
  follower('Note', 'ParentId', 'TransferNotesAndAttachments'),
  follower('Attachment', 'ParentId', 'TransferNotesAndAttachments'),
]
/** Options that make sense only together with another. */
const NEEDS: Record<string, string> = {
  TransferOthersOpenOpportunities: 'TransferOwnedOpenOpportunities',
  TransferAllOwnedCases: 'TransferOwnedOpenCases',
  KeepSalesTeamGrantCurrentOwnerReadWriteAccess: 'KeepSalesTeam',
}
/** Teams that end with the owner who made them, unless they are kept. */
const TEAMS: Record<string, { team: string; field: string; kept: string }> = {
  Account: { team: 'AccountTeamMember', field: 'AccountId', kept: 'KeepAccountTeam' },
  Opportunity: { team: 'OpportunityTeamMember', field: 'OpportunityId', kept: 'KeepSalesTeam' },
}
/** How some clients spell an option. */
const SPELLINGS: Record<string, string> = {
  TransferOpenOpportunities: 'TransferOwnedOpenOpportunities',
  TransferOtherOpenOpportunities: 'TransferOthersOpenOpportunities',
}

/** The API drops a record's team and moves nothing unless told otherwise. Must run once the new owner is stored. */
export function followOwner(write: Write, object: ObjectDef, before: Row, to: string, given: Options): void {
  const options = checkedOptions(given)
  const id = String(before['Id'])
  const team = TEAMS[object.name]
  const members = team && !options[team.kept] ? write.catalog.find(team.team) : undefined
  if (members && team)
    for (const row of write.store.rowsWhere(members, team.field, id)) removeQuietly(write, members, row)
  for (const each of FOLLOWERS) if (options[each.option]) follow(write, object, before, to, each)
}

function follow(
  write: Write,
  object: ObjectDef,
  before: Row,
  to: string,
  { object: name, field, mine, which }: Follower,
) {
  const child = write.catalog.find(name)
  if (!child?.byName.get(field.toLowerCase())?.referenceTo.includes(object.name)) return
  for (const row of write.store.rowsWhere(child, field, String(before['Id']))) {
    const same = row['OwnerId'] === before['OwnerId']
    if (row['IsDeleted'] === 1 || same !== mine || !which(row) || row['OwnerId'] === to) continue
    applyChanges(write, child, row, { OwnerId: to }, new Set(['OwnerId']))
  }
}

function checkedOptions(given: Options): Options {
  const options = Object.fromEntries(Object.entries(given).map(([name, execute]) => [SPELLINGS[name] ?? name, execute]))
  for (const [option, needed] of Object.entries(NEEDS)) {
    if (!options[option] || options[needed]) continue
    throw refusal('FIELD_INTEGRITY_EXCEPTION', `${option} can be true only when ${needed} is true`, ['OwnerId'])
  }
  return options
}
