// Guarantee 1: what may no longer be written is marked in the org, and the org itself refuses a worker that goes on late.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../server/contract/operations/operation.ts'
import { openReconciling, reconcile, statuses, type Reconciling } from './reconciling.ts'
import { merge, openMerging, rowsOf, sealed, type Merging } from './scripted-merge.ts'
import type { Sealed } from './signing.ts'

const markOf = ({ digest, document: { decision, run, mission, missionVersion } }: Sealed) => ({
  digest,
  decision,
  run,
  mission: `${mission}@${missionVersion}`,
})
const VOIDED = { error: { code: 'refused', message: expect.stringContaining('were voided') } }

describe('a change set that was voided', () => {
  let house: Reconciling
  beforeEach(async () => {
    house = await openReconciling()
  })
  afterEach(() => house.close())
  const accounts = () => {
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    return house.org.org.query(admin, 'SELECT Id, OwnerId, AnnualRevenue FROM Account ORDER BY Id').records
  }
  const sets: [title: string, pick: (all: Operation[]) => Operation[]][] = [
    ['of every kind of request', (all) => all],
    ['of a merge alone', (all) => all.filter(({ kind }) => kind === 'merge')],
  ]

  it.each(sets)('%s, is not written by a worker that goes on with all its approvals', async (_title, pick) => {
    const set = await house.propose(pick(reconcile(house.ids)))
    const approvals = await house.bothApprove(set)
    const before = accounts()
    expect(await house.call('voidChangeSet', markOf(set))).toMatchObject({ voided: true, receipt: null, calls: 1 })
    const log = house.committed().length
    await expect(house.commit(set, approvals)).rejects.toMatchObject(VOIDED)
    expect(accounts()).toEqual(before)
    expect(house.committed()).toHaveLength(log)
  })

  it('stays voided when it is asked again, and shows no receipt to a read-back', async () => {
    const operations = reconcile(house.ids)
    const set = await house.propose(operations)
    await house.call('voidChangeSet', markOf(set))
    expect(await house.call('voidChangeSet', markOf(set))).toMatchObject({ voided: true })
    const back = await house.call('readBack', { grant: house.grant, digest: set.digest, operations, created: {} })
    expect(back.receipts).toEqual([])
  })

  it('was too late when it is written already: the receipt is given, and names the approvers in the org', async () => {
    const set = await house.propose(reconcile(house.ids))
    const { transactions } = await house.commit(set)
    const answer = await house.call('voidChangeSet', markOf(set))
    expect(answer).toMatchObject({ voided: false, receipt: { id: transactions[0]?.receiptId } })
    const admin = { userId: house.ids.admin, api: 'ui', version: '66.0' } as const
    const soql = 'SELECT Approved_By__c, Voided__c FROM Mission_Receipt__c'
    const [row] = house.org.org.query(admin, soql).records
    expect(row).toMatchObject({ Approved_By__c: `${house.ids.admin},${house.ids.second}`, Voided__c: false })
  })

  it('is no receipt among those that are listed', async () => {
    const since = new Date(Date.now() - 60_000).toISOString()
    const [written, voided] = [await house.propose(reconcile(house.ids)), await house.propose(reconcile(house.ids))]
    await house.commit(written)
    await house.call('voidChangeSet', markOf(voided))
    const { receipts, more, calls } = await house.call('listReceipts', { since })
    const { digest, document } = written
    expect(receipts).toMatchObject([{ key: `${digest}/1`, digest, decision: document.decision, run: document.run }])
    expect([more, calls]).toEqual([false, 1])
    const later = new Date(Date.now() + 60_000).toISOString()
    expect((await house.call('listReceipts', { since: later })).receipts).toEqual([])
  })

  it('is not marked while all writes are stopped', async () => {
    const set = await house.propose(reconcile(house.ids))
    house.mcp.stop('writes')
    await expect(house.call('voidChangeSet', markOf(set))).rejects.toMatchObject({ error: { code: 'stopped' } })
  })

  it('leaves its next version free', async () => {
    const set = await house.propose(reconcile(house.ids))
    await house.call('voidChangeSet', markOf(set))
    const next = await house.propose(reconcile(house.ids))
    expect(statuses(await house.commit(next))).toEqual(['composite written', 'owners written', 'merge written'])
  })
})

describe('a change set that is voided between the last look and the write', () => {
  let house: Merging
  beforeAll(async () => {
    house = await openMerging()
  })
  afterAll(() => house.close())

  it('is refused by the org, and said to be voided', async () => {
    const set = sealed(merge)
    const now = { receipt: false, voided: true }
    house.org.script = {
      query: (soql) => rowsOf(set, now)?.(soql) ?? [],
      write: (subs) => {
        now.receipt = true
        const body = [{ errorCode: 'DUPLICATE_VALUE', message: 'duplicate value found' }]
        return subs.map(({ referenceId }) => ({ referenceId, httpStatusCode: 400, httpHeaders: {}, body }))
      },
    }
    await expect(house.commit(set)).rejects.toMatchObject(VOIDED)
    expect(house.org.writes).toHaveLength(1)
  })
})
