// What reading can tell before a commit, what the org refuses in it, and the operations besides merging.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { rightsFor } from '../../server/contract/rights.ts'
import { approve, callTool } from './calling.ts'
import { baseOf } from './house.ts'
import { ALL_WRITTEN, openReconciling, reconcile, statuses, type Reconciling } from './reconciling.ts'
import { sealedOf, type Sealed } from './signing.ts'

let house: Reconciling
let grant: string

beforeEach(async () => {
  house = await openReconciling()
  grant = house.grant
})
afterEach(() => house.close())

describe('what reading can tell', () => {
  it('is told before anybody is asked: drift, and why the org would refuse', async () => {
    const operations = reconcile(house.ids)
    const base = await baseOf(house, operations)
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    house.later(1000)
    house.org.org.update(admin, 'Opportunity', house.ids.opportunity, { Amount: 5 })
    house.org.org.update(admin, 'Account', house.ids.loser, { ParentId: house.ids.survivor })
    const checked = await house.call('checkChangeSet', { grant, operations, base })
    expect(checked.calls).toBe(1)
    expect(checked.drift).toMatchObject([
      { field: 'Amount', was: '1000000.1', now: '5', by: 'Ada Admin' },
      { id: house.ids.loser, field: 'SystemModstamp' },
    ])
    expect(checked.blockers).toMatchObject([{ code: 'circular-hierarchy', ids: [house.ids.loser] }])
  })

  it('stops a commit before the first write', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    house.org.org.update(admin, 'Opportunity', house.ids.opportunity, { Amount: 5 })
    const log = house.committed().length
    const result = await house.commit(sealed, approvals)
    expect(result.drift).toMatchObject([{ field: 'Amount', now: '5', by: 'Ada Admin' }])
    expect(house.committed()).toHaveLength(log)
  })

  it('names a contact related to both accounts, unless the same change set deletes the relation', async () => {
    const { survivor, contact } = house.ids
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    const relation = { AccountId: survivor, ContactId: contact }
    const id = house.org.org.create(admin, 'AccountContactRelation', relation)
    const merges = reconcile(house.ids).filter(({ kind }) => kind === 'merge')
    const alone = await house.call('checkChangeSet', { grant, operations: merges, base: {} })
    expect(alone.blockers).toMatchObject([{ code: 'related-contact-on-both', ids: [contact] }])
    const operations: Operation[] = [...merges, { kind: 'delete', object: 'AccountContactRelation', id }]
    expect((await house.call('checkChangeSet', { grant, operations, base: {} })).blockers).toEqual([])
    const sealed = await house.propose(operations)
    expect(statuses(await house.commit(sealed))).toEqual(['composite written', 'merge written'])
  })

  it('names operations outside the grant as blockers', async () => {
    const operations: Operation[] = [{ kind: 'delete', object: 'Account', id: house.ids.loser }]
    const checked = await house.call('checkChangeSet', { grant, operations, base: {} })
    expect(checked.blockers).toMatchObject([
      { code: 'not-granted', sentence: expect.stringContaining('delete on Account') },
    ])
  })
})

describe('a refusal of the org', () => {
  it('leaves nothing of the composite', async () => {
    const { opportunity, survivor } = house.ids
    const operations: Operation[] = [
      {
        kind: 'update',
        object: 'Opportunity',
        id: opportunity,
        fields: { NextStep: { from: null, to: 'x', source: 'rule:x' } },
      },
      {
        kind: 'update',
        object: 'Account',
        id: survivor,
        fields: { Phone: { from: '(415) 555-0123', to: 'x'.repeat(41), source: 'rule:x' } },
      },
    ]
    const sealed = sealedOf(operations, await baseOf(house, operations))
    const result = await house.commit(sealed, [await approve(house.client, sealed, house.ids.admin)])
    expect(result.transactions).toMatchObject([
      { status: 'refused', error: { code: 'STRING_TOO_LONG', fields: ['Phone'] } },
    ])
    expect(house.committed()).toHaveLength(0)
  })

  it('is an error to ask again when a row is locked, and the same approvals then do', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    await house.fault({ mode: 'lock', match: { bodyContains: '"allOrNone":true' }, count: 1 })
    await expect(house.commit(sealed, approvals)).rejects.toMatchObject({ error: { code: 'locked', retryable: true } })
    expect(statuses(await house.commit(sealed, approvals))).toEqual(ALL_WRITTEN)
  })
})

it('anchors a change set that only merges: a receipt of its own is written before the merge', async () => {
  const merges = reconcile(house.ids).filter(({ kind }) => kind === 'merge')
  const sealed = await house.propose(merges)
  const anchor = 'c'.repeat(64)
  const input = { leaves: sealed.leaves, approvals: await house.bothApprove(sealed), anchor }
  const result = await callTool(house.client, 'commitChangeSet', input, 'run-1')
  expect(statuses(result)).toEqual(['composite written', 'merge written'])
  const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
  const receipts = house.org.org.query(admin, 'SELECT Key__c, Anchor__c FROM Mission_Receipt__c')
  expect(receipts.records).toMatchObject([{ Key__c: `${sealed.digest}/1`, Anchor__c: anchor }])
})

it('writes thirty records in one transaction', async () => {
  const operations = Array.from({ length: 30 }, (_, index): Operation => ({
    kind: 'create',
    object: 'Task',
    key: `task${index}`,
    fields: {
      Subject: { to: `Call ${index}`, source: 'rule:x' },
      Status: { to: 'Not Started', source: 'rule:x' },
      Priority: { to: 'Normal', source: 'rule:x' },
    },
  }))
  const sealed = sealedOf(operations, {})
  const result = await house.commit(sealed, [await approve(house.client, sealed, house.ids.admin)])
  expect(statuses(result)).toEqual(['composite written'])
  expect(Object.keys(result.transactions[0]?.created ?? {})).toHaveLength(30)
  expect(house.committed()).toHaveLength(1)
})

it('a lead is converted once, however often its change set is committed', async () => {
  const { lead, survivor } = house.ids
  const operations: Operation[] = [
    {
      kind: 'convertLead',
      id: lead,
      convertedStatus: 'Closed - Converted',
      accountId: survivor,
      opportunity: 'none',
      overwriteLeadSource: false,
    },
  ]
  const sealed = sealedOf(operations, await baseOf(house, operations))
  const approvals = [await approve(house.client, sealed, house.ids.admin)]
  const result = await house.commit(sealed, approvals)
  expect(statuses(result)).toEqual(['composite written', 'convertLead written'])
  expect(result.transactions[1]?.created).toMatchObject({ account: survivor, contact: expect.any(String) })
  expect(statuses(await house.commit(sealed, approvals))).toEqual(['composite already', 'convertLead already'])
})

it('takes what the org’s own Apex signs, under the second of its two keys', async () => {
  const operations = reconcile(house.ids)
  const sealed = sealedOf(operations, await baseOf(house, operations))
  const approvals = [await approvedInOrg(sealed, 'admin')]
  expect(statuses(await house.commit(sealed, approvals))).toEqual(ALL_WRITTEN)
})

async function approvedInOrg({ document, digest }: Sealed, name: string) {
  const { url } = house.org
  const login = new URLSearchParams({
    grant_type: 'password',
    username: `${name}@practice.example`,
    password: 'practice',
  })
  login.set('client_id', 'lightning')
  const session = (await (
    await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: login })
  ).json()) as object
  const { access_token: token } = z.object({ access_token: z.string() }).parse(session)
  const response = await fetch(`${url}/practice/apex/MissionSession.decide`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      decisionId: document.decision,
      digest,
      verb: 'approve',
      rights: JSON.stringify(rightsFor(document.operations)),
    }),
  })
  const { decision } = z.object({ decision: z.string() }).parse(await response.json())
  return (await house.call('acceptDecision', { token: decision })).accepted
}
