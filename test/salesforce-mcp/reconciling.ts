// The flagship's change set against the practice org, from proposal to commit.
import type { AcceptedDecision } from '../../server/contract/approval-token.ts'
import type { Operation } from '../../server/contract/operations/operation.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import type { Transaction } from '../../server/practice-org/src/org/org.ts'
import { activate, approve, callTool } from './calling.ts'
import { baseOf, openHouse, type House } from './house.ts'
import { GATES, sealedOf, type Sealed } from './signing.ts'

/** The flagship's operations: an update, an owner change, a task, a merge. */
export function reconcile({ survivor, loser, admin, second, contact, opportunity, task }: House['ids']): Operation[] {
  return [
    {
      kind: 'update',
      object: 'Opportunity',
      id: opportunity,
      fields: {
        Amount: { from: '1000000.1', to: '2000000.25', source: 'rule:sum' },
        NextStep: { from: null, to: 'Call "Roe" & co', source: 'rule:x' },
      },
    },
    {
      kind: 'create',
      object: 'Task',
      key: 'followUp',
      fields: {
        Subject: { to: 'Welcome the merged account', source: 'rule:follow-up' },
        WhatId: { to: survivor, source: 'rule:follow-up' },
        Status: { to: 'Not Started', source: 'rule:follow-up' },
        Priority: { to: 'Normal', source: 'rule:follow-up' },
      },
    },
    {
      kind: 'changeOwner',
      object: 'Account',
      id: survivor,
      from: admin,
      to: second,
      source: 'rule:territory',
      keepTeam: true,
      transfer: [],
    },
    {
      kind: 'merge',
      object: 'Account',
      survivor,
      losers: [loser],
      fields: { AnnualRevenue: { from: null, to: '1234567', source: `record:${loser}` } },
      moves: [
        { object: 'Contact', field: 'AccountId', ids: [contact] },
        { object: 'Opportunity', field: 'AccountId', ids: [opportunity] },
        { object: 'Task', field: 'WhatId', ids: [task] },
      ],
    },
  ]
}

export interface Reconciling extends House {
  /** Name of the grant that is open. */
  grant: string
  propose(operations: Operation[]): Promise<Sealed>
  bothApprove(sealed: Sealed): Promise<AcceptedDecision[]>
  /** With the approvals of both people when none are given. */
  commit(sealed: Sealed, approvals?: AcceptedDecision[]): Promise<ToolOutput<'commitChangeSet'>>
  /** Every transaction the org committed so far, the register of activations aside. */
  committed(): Transaction[]
}

export async function openReconciling(): Promise<Reconciling> {
  const house = await openHouse()
  const bothApprove = async (sealed: Sealed) => [
    await approve(house.client, sealed, house.ids.admin),
    await approve(house.client, sealed, house.ids.second),
  ]
  return {
    ...house,
    grant: await activate(house.client, [house.ids.admin, house.ids.second]),
    propose: async (operations) => sealedOf(operations, await baseOf(house, operations), { gate: GATES[1] }),
    bothApprove,
    async commit(sealed, approvals) {
      const given = approvals ?? (await bothApprove(sealed))
      return callTool(house.client, 'commitChangeSet', { leaves: sealed.leaves, approvals: given }, 'run-1')
    },
    committed: () =>
      house.org.org
        .transactions()
        .filter(({ committed, operations }) => committed && operations[0]?.object !== 'Mission_Activation__c'),
  }
}

export const statuses = ({ transactions }: ToolOutput<'commitChangeSet'>): string[] =>
  transactions.map(({ kind, status }) => `${kind} ${status}`)

export const ALL_WRITTEN = ['composite written', 'owners written', 'merge written']
export const ALL_ALREADY = ['composite already', 'owners already', 'merge already']
