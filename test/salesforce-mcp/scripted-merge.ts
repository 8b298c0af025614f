// One change set, an update, an owner change and a merge of two accounts, before an org whose answers the test writes.
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { receiptKey } from '../../server/contract/operations/operation.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import { approve, callTool } from './calling.ts'
import { openScriptedHouse, type ScriptedHouse } from './scripted-house.ts'
import type { Script } from './scripted-org.ts'
import { sealedOf, type Sealed } from './signing.ts'

export const ANNA = '005000000000001AAA'
export const BORIS = '005000000000002AAA'
export const SURVIVOR = '001000000000001AAA'
export const LOSER = '001000000000002AAA'
export const A_DAY_MS = 86_400_000
const THEN = '2026-11-22T10:00:00.000+0000'

export const update: Operation = {
  kind: 'update',
  object: 'Account',
  id: SURVIVOR,
  fields: { AnnualRevenue: { from: '1000000.10', to: '12345678901234567.89', source: 'rule:largest' } },
}
export const owner: Operation = {
  kind: 'changeOwner',
  object: 'Account',
  id: SURVIVOR,
  from: ANNA,
  to: BORIS,
  source: 'rule:territory',
  keepTeam: true,
  transfer: ['TransferOpenActivities'],
}
export const merge: Operation = {
  kind: 'merge',
  object: 'Account',
  survivor: SURVIVOR,
  losers: [LOSER],
  fields: {
    Phone: { from: null, to: 'A & B <"1">', source: `record:${LOSER}` },
    Website: { from: 'x', to: null, source: 'rule:y' },
  },
  moves: [],
}

const account = (Id: string, values: object = {}) => ({
  attributes: { type: 'Account', url: `/services/data/v66.0/sobjects/Account/${Id}` },
  Id,
  SystemModstamp: THEN,
  LastModifiedDate: THEN,
  LastModifiedById: '005000000000007AAA',
  LastModifiedBy: { attributes: { type: 'User' }, Name: 'Somebody Else' },
  IsDeleted: false,
  OwnerId: ANNA,
  AnnualRevenue: 1000000.1,
  Website: 'x',
  Phone: null,
  MasterRecordId: null,
  Type: 'Prospect',
  Legal_Hold__c: false,
  ...values,
})
const receipt = (digest: string, Voided__c: boolean) => ({
  Id: 'a00000000000001AAA',
  Key__c: receiptKey(digest, 1),
  Voided__c,
  CreatedDate: THEN,
})

const PEOPLE = [ANNA, BORIS]
const SET = '0PS000000000001AAA'

/** Everybody is active, decides and is in every group, but for those who left. */
function peopleOf(soql: string, left: readonly string[]): object[] | null {
  const asked = PEOPLE.filter((id) => soql.includes(id) && !left.includes(id))
  if (soql.includes('FROM User ')) return asked.map((Id) => ({ Id }))
  if (soql.includes('FROM SetupEntityAccess')) return [{ ParentId: SET }]
  if (soql.includes('FROM PermissionSetAssignment')) return asked.map((AssigneeId) => ({ AssigneeId }))
  return soql.includes('FROM GroupMember') ? asked.map((UserOrGroupId) => ({ UserOrGroupId })) : null
}

/** An org with the two accounts, and a receipt once `now.receipt` says so. */
export function rowsOf(
  sealed: Sealed,
  now: { receipt?: boolean; voided?: boolean; survivor?: object; loser?: object; left?: readonly string[] } = {},
): Script['query'] {
  return (soql) => {
    if (soql.includes('Mission_Receipt__c')) return now.receipt ? [receipt(sealed.digest, now.voided === true)] : []
    const people = peopleOf(soql, now.left ?? [])
    if (people) return people
    return [account(SURVIVOR, now.survivor), account(LOSER, now.loser)].filter(({ Id }) => soql.includes(Id))
  }
}

export interface Merging extends ScriptedHouse {
  /** Approved now, committed `waitedMs` later; may begin up to `withinMs` after the approval; `meanwhile` the grant is open. */
  commit(
    sealed: Sealed,
    waitedMs?: number,
    withinMs?: number,
    meanwhile?: () => void,
  ): Promise<ToolOutput<'commitChangeSet'>>
  /** salesforce-mcp's clock goes on by this much. */
  pass(ms: number): void
  /** As it was at first: no script, nothing asked, the time as it is. */
  renew(): void
}

export async function openMerging(): Promise<Merging> {
  /** How far salesforce-mcp's clock is ahead. */
  let later = 0
  const house = await openScriptedHouse({ pausesMs: [0, 0], now: () => new Date(Date.now() + later) })
  await house.open()
  return {
    ...house,
    pass: (ms) => void (later += ms),
    async commit(sealed, waitedMs = 0, withinMs, meanwhile = () => {}) {
      const approvals: AcceptedDecision[] = [await approve(house.client, sealed, BORIS)]
      later = waitedMs
      await house.open()
      meanwhile()
      const notAfter = withinMs === undefined ? undefined : new Date(Date.now() + withinMs)
      const input = { leaves: sealed.leaves, approvals }
      return callTool(house.client, 'commitChangeSet', input, sealed.document.run, notAfter)
    },
    renew() {
      later = 0
      house.org.script = {}
      house.org.writes.length = 0
      house.org.queries.length = 0
    },
  }
}

export const sealed = (...operations: Operation[]): Sealed => sealedOf(operations, { [SURVIVOR]: THEN, [LOSER]: THEN })
export const statuses = ({ transactions }: ToolOutput<'commitChangeSet'>): string[] =>
  transactions.map(({ kind, status }) => `${kind} ${status}`)
