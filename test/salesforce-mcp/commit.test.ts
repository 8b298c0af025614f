// A change set from approval to read-back against the practice org, with what its transaction log saw.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { createSalesforceMcp } from '../../server/salesforce-mcp/compose.ts'
import { approve, callTool, connected } from './calling.ts'
import { ALL_ALREADY, ALL_WRITTEN, openReconciling, reconcile, statuses, type Reconciling } from './reconciling.ts'
import { grant as opened, sealedOf } from './signing.ts'

let house: Reconciling
let grant: string

beforeEach(async () => {
  house = await openReconciling()
  grant = house.grant
})
afterEach(() => house.close())

describe('a merge run', () => {
  it('writes once, reads back, and stays within its calls', async () => {
    const operations = reconcile(house.ids)
    const sealed = await house.propose(operations)
    const result = await house.commit(sealed)
    expect(result.transactions.map(({ error }) => error)).toEqual([null, null, null])
    expect(statuses(result)).toEqual(ALL_WRITTEN)
    expect(result.calls).toBeLessThanOrEqual(5)
    const before = result.before?.find(({ id }) => id === house.ids.loser)
    expect(before?.values).toMatchObject({ Website: 'acme.example', AnnualRevenue: '1234567', IsDeleted: false })
    expect(before?.values).not.toHaveProperty(['LastModifiedBy.Name'])
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
    expect(house.mcp.callsOf('run-1')).toBeLessThanOrEqual(6)
  })

  it('takes twelve calls of the org from lead to verdict', async () => {
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
    const call: Reconciling['call'] = (name, input) => house.call(name, input, 'run-2')
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
    expect(house.mcp.callsOf('run-2')).toBe(12)
  })

  it('leaves three transactions of the writer in the org’s log, the receipt in the first', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    await house.commit(sealed)
    expect(house.committed().map(({ username, client, key }) => ({ username, client, key }))).toEqual([
      { username: 'writer@practice.example', client: 'missions', key: `${sealed.digest}/1` },
      { username: 'writer@practice.example', client: 'missions', key: null },
      { username: 'writer@practice.example', client: 'missions', key: null },
    ])
  })

  it('sends nothing when it is committed again', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    const first = await house.commit(sealed, approvals)
    const log = house.committed().length
    const again = await house.commit(sealed, approvals)
    expect(statuses(again)).toEqual(ALL_ALREADY)
    expect(again.transactions[0]?.created).toEqual(first.transactions[0]?.created)
    expect(again.transactions[0]?.receiptId).toBe(first.transactions[0]?.receiptId)
    expect(house.committed()).toHaveLength(log)
  })

  it('sends nothing again from a salesforce-mcp that was started anew', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    await house.commit(sealed, approvals)
    const log = house.committed().length
    const fresh = await connected(await createSalesforceMcp(house.options))
    const attempt = () => callTool(fresh, 'commitChangeSet', { leaves: sealed.leaves, approvals })
    await expect(attempt()).rejects.toMatchObject({ error: { code: 'not-granted' } })
    await callTool(fresh, 'openGrant', { grant: opened })
    expect(statuses(await attempt())).toEqual(ALL_ALREADY)
    expect(house.committed()).toHaveLength(log)
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
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    await house.fault({ mode: 'cut-after', match, count: 1 })
    const result = await house.commit(sealed, approvals)
    expect(statuses(result)).toEqual(ALL_WRITTEN)
    expect(result.transactions[0]?.created).toHaveProperty('followUp')
    expect(house.committed()).toHaveLength(3)
  })

  it.each(cuts.map(([title, match]) => [title.replace('after', 'before'), match] as const))(
    '%s, it writes each once',
    async (_title, match) => {
      const sealed = await house.propose(reconcile(house.ids))
      const approvals = await house.bothApprove(sealed)
      await house.fault({ mode: 'cut-before', match, count: 1 })
      const result = await house.commit(sealed, approvals)
      expect(statuses(result)).toEqual(ALL_WRITTEN)
      expect(house.committed()).toHaveLength(3)
    },
  )

  it('when the connection is cut for long, it does not know, and a later commit of the same approvals settles it', async () => {
    const sealed = await house.propose(reconcile(house.ids))
    const approvals = await house.bothApprove(sealed)
    await house.fault({ mode: 'cut-before', match: cuts[1][1] })
    expect(statuses(await house.commit(sealed, approvals))).toEqual([
      'composite written',
      'owners unknown',
      'merge notSent',
    ])
    await house.fault({ mode: 'clear' })
    expect(statuses(await house.commit(sealed, approvals))).toEqual([
      'composite already',
      'owners written',
      'merge written',
    ])
    expect(house.committed()).toHaveLength(3)
  })
})
