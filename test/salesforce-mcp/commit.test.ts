// A change set from approval to read-back against the practice org, with what its transaction log saw.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../server/contract/change-set.ts'
import { rightsFor } from '../../server/contract/rights.ts'
import type { ToolOutput } from '../../server/contract/tools.ts'
import { activate, approve, callTool, connected } from './calling.ts'
import { baseOf, openHouse, type House } from './house.ts'
import { GATES, sealedOf, type Sealed } from './signing.ts'

let house: House
let grant: string

beforeEach(async () => {
  house = await openHouse()
  grant = await activate(house.client, house.ids.admin)
})
afterEach(() => house.close())

/** The flagship's operations: an update, an owner change, a task, a merge. */
function reconcile({ survivor, loser, admin, second, contact, opportunity, task }: House['ids']): Operation[] {
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

async function propose(operations: Operation[]): Promise<Sealed> {
  return sealedOf(operations, await baseOf(house, operations), { gate: GATES[1] })
}

async function commit(sealed: Sealed, approvals?: Parameters<typeof callTool<'commitChangeSet'>>[2]['approvals']) {
  const both = approvals ?? (await bothApprove(sealed))
  return callTool(house.client, 'commitChangeSet', { leaves: sealed.leaves, approvals: both }, 'run-1')
}
const bothApprove = async (sealed: Sealed) => [
  await approve(house.client, sealed, house.ids.admin),
  await approve(house.client, sealed, house.ids.second),
]
const statuses = ({ transactions }: ToolOutput<'commitChangeSet'>) =>
  transactions.map(({ kind, status }) => `${kind} ${status}`)
const committed = () => house.org.org.transactions().filter((each) => each.committed)

const ALL_WRITTEN = ['composite written', 'owners written', 'merge written']
const ALL_ALREADY = ['composite already', 'owners already', 'merge already']

describe('a merge run', () => {
  it('writes once, reads back, and stays within its calls', async () => {
    const operations = reconcile(house.ids)
    const sealed = await propose(operations)
    const result = await commit(sealed)
    expect(result.transactions.map(({ error }) => error)).toEqual([null, null, null])
    expect(statuses(result)).toEqual(ALL_WRITTEN)
    expect(result.calls).toBeLessThanOrEqual(4)
    const [composite, , merge] = result.transactions
    expect(merge?.moved).toEqual(expect.arrayContaining([house.ids.contact, house.ids.opportunity]))
    const created = composite?.created ?? {}
    const back = await house.call('readBack', { grant, digest: sealed.digest, operations, created }, 'run-1')
    expect(back.calls).toBe(1)
    const values = (id: string | undefined) => back.records.find((record) => record.id === id)?.values
    expect(values(house.ids.survivor)).toMatchObject({ AnnualRevenue: '1234567', OwnerId: house.ids.second })
    expect(values(house.ids.loser)).toMatchObject({ IsDeleted: true, MasterRecordId: house.ids.survivor })
    expect(values(house.ids.opportunity)).toMatchObject({
      Amount: '2000000.25',
      NextStep: 'Call "Roe" & co',
      AccountId: house.ids.survivor,
    })
    expect(values(house.ids.contact)).toMatchObject({ AccountId: house.ids.survivor })
    expect(values(created.followUp)).toMatchObject({
      Subject: 'Welcome the merged account',
      WhatId: house.ids.survivor,
    })
    expect(back.receipts).toMatchObject([{ id: composite?.receiptId, key: `${sealed.digest}/1` }])
    expect(house.mcp.callsOf('run-1')).toBeLessThanOrEqual(5)
  })

  it('takes eleven calls of the org from lead to verdict', async () => {
    const { lead, survivor, loser } = house.ids
    const [, ...others] = reconcile(house.ids)
    const operations: Operation[] = [
      {
        kind: 'update',
        object: 'Lead',
        id: lead,
        fields: { Company: { from: 'Acme', to: 'Acme Inc', source: 'rule:x' } },
      },
      ...others,
    ]
    const call: House['call'] = (name, input) => house.call(name, input, 'run-2')
    await call('soqlQuery', { grant, queries: [`SELECT Company, Status FROM Lead WHERE Id = '${lead}'`] })
    const like = { words: ['acme'], domains: ['acme.example'], phones: ['4155550123'] }
    const fields = ['Website', 'Phone', 'OwnerId']
    await call('findDuplicates', {
      grant,
      object: 'Account',
      like,
      fields,
      createdSince: '2026-01-01T00:00:00Z',
      atMost: 10,
    })
    const relationships = ['Contacts', 'Opportunities', 'Cases', 'Tasks'].map((path) => ({
      path,
      fields: ['Id'],
      limit: 200,
    }))
    await call('getRelatedRecords', { grant, object: 'Account', ids: [survivor, loser], fields, relationships })
    const { base } = await call('checkChangeSet', { grant, operations, base: {} })
    const sealed = sealedOf(operations, base, { run: 'run-2' })
    const approvals = [await approve(house.client, sealed, house.ids.second)]
    const { transactions } = await call('commitChangeSet', { leaves: sealed.leaves, approvals })
    expect(transactions.map(({ status }) => status)).toEqual(['written', 'written', 'written'])
    const created = transactions[0]?.created ?? {}
    for (let time = 0; time < 2; time += 1)
      await call('readBack', { grant, digest: sealed.digest, operations, created })
    expect(house.mcp.callsOf('run-2')).toBe(11)
  })

  it('leaves three transactions of the writer in the org’s log, the receipt in the first', async () => {
    const sealed = await propose(reconcile(house.ids))
    await commit(sealed)
    expect(committed().map(({ username, client, receiptKey }) => ({ username, client, receiptKey }))).toEqual([
      { username: 'writer@practice.example', client: 'missions', receiptKey: `${sealed.digest}/1` },
      { username: 'writer@practice.example', client: 'missions', receiptKey: null },
      { username: 'writer@practice.example', client: 'missions', receiptKey: null },
    ])
  })

  it('sends nothing when it is committed again', async () => {
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    const first = await commit(sealed, approvals)
    const log = committed().length
    const again = await commit(sealed, approvals)
    expect(statuses(again)).toEqual(ALL_ALREADY)
    expect(again.transactions[0]?.created).toEqual(first.transactions[0]?.created)
    expect(again.transactions[0]?.receiptId).toBe(first.transactions[0]?.receiptId)
    expect(committed()).toHaveLength(log)
  })

  it('sends nothing again from a salesforce-mcp that was started anew', async () => {
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    await commit(sealed, approvals)
    const log = committed().length
    const { createSalesforceMcp } = await import('../../server/salesforce-mcp/compose.ts')
    const fresh = await connected(await createSalesforceMcp(house.options))
    const attempt = () => callTool(fresh, 'commitChangeSet', { leaves: sealed.leaves, approvals })
    await expect(attempt()).rejects.toMatchObject({ error: { code: 'not-granted' } })
    await activate(fresh, house.ids.admin)
    expect(statuses(await attempt())).toEqual(ALL_ALREADY)
    expect(committed()).toHaveLength(log)
    await fresh.close()
  })
})

describe('when the connection is cut', () => {
  const cuts = [
    ['after the composite', { path: '/services/data/v66.0/composite', bodyContains: 'Mission_Receipt__c"' }],
    ['after the owner change', { soapAction: 'update' }],
    ['after the merge', { soapAction: 'merge' }],
  ] as const
  it.each(cuts)('%s, it finds what was written and goes on', async (_title, match) => {
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    await house.fault({ mode: 'cut-after', match, count: 1 })
    const result = await commit(sealed, approvals)
    expect(statuses(result)).toEqual(ALL_WRITTEN)
    expect(result.transactions[0]?.created).toHaveProperty('followUp')
    expect(committed()).toHaveLength(3)
  })

  it.each(cuts.map(([title, match]) => [title.replace('after', 'before'), match] as const))(
    '%s, it writes each once',
    async (_title, match) => {
      const sealed = await propose(reconcile(house.ids))
      const approvals = await bothApprove(sealed)
      await house.fault({ mode: 'cut-before', match, count: 1 })
      const result = await commit(sealed, approvals)
      expect(statuses(result)).toEqual(ALL_WRITTEN)
      expect(committed()).toHaveLength(3)
    },
  )

  it('for long, it does not know, and a later commit of the same approvals settles it', async () => {
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    await house.fault({ mode: 'cut-before', match: cuts[1][1] })
    expect(statuses(await commit(sealed, approvals))).toEqual(['composite written', 'owners unknown', 'merge notSent'])
    await house.fault({ mode: 'clear' })
    expect(statuses(await commit(sealed, approvals))).toEqual(['composite already', 'owners written', 'merge written'])
    expect(committed()).toHaveLength(3)
  })
})

describe('what reading can tell', () => {
  it('is told before anybody is asked: drift, and why the org would refuse', async () => {
    const operations = reconcile(house.ids)
    const base = await baseOf(house, operations)
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
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
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    house.org.org.update(admin, 'Opportunity', house.ids.opportunity, { Amount: 5 })
    const log = committed().length
    const result = await commit(sealed, approvals)
    expect(result.drift).toMatchObject([{ field: 'Amount', now: '5', by: 'Ada Admin' }])
    expect(committed()).toHaveLength(log)
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
    const result = await commit(sealed, [await approve(house.client, sealed, house.ids.admin)])
    expect(result.transactions).toMatchObject([
      { status: 'refused', error: { code: 'STRING_TOO_LONG', fields: ['Phone'] } },
    ])
    expect(committed()).toHaveLength(0)
  })

  it('is an error to ask again when a row is locked, and the same approvals then do', async () => {
    const sealed = await propose(reconcile(house.ids))
    const approvals = await bothApprove(sealed)
    await house.fault({ mode: 'lock', match: { bodyContains: '"allOrNone":true' }, count: 1 })
    await expect(commit(sealed, approvals)).rejects.toMatchObject({ error: { code: 'locked', retryable: true } })
    expect(statuses(await commit(sealed, approvals))).toEqual(ALL_WRITTEN)
  })
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
  const result = await commit(sealed, [await approve(house.client, sealed, house.ids.admin)])
  expect(statuses(result)).toEqual(['composite written'])
  expect(Object.keys(result.transactions[0]?.created ?? {})).toHaveLength(30)
  expect(committed()).toHaveLength(1)
})

it('converts a lead once', async () => {
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
  const result = await commit(sealed, approvals)
  expect(statuses(result)).toEqual(['composite written', 'convertLead written'])
  expect(result.transactions[1]?.created).toMatchObject({ account: survivor, contact: expect.any(String) })
  expect(statuses(await commit(sealed, approvals))).toEqual(['composite already', 'convertLead already'])
})

it('takes what the org’s own Apex signs, under the second of its two keys', async () => {
  const operations = reconcile(house.ids)
  const sealed = sealedOf(operations, await baseOf(house, operations))
  const approvals = [await approvedInOrg(sealed, 'admin')]
  expect(statuses(await commit(sealed, approvals))).toEqual(ALL_WRITTEN)
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
