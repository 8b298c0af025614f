// Guarantees 3 and 7 after a restore: the org's receipt settles a decision that is open again, and nothing is written twice.
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { findStrays } from '../../../server/brain/decisions/strays/find-strays.ts'
import { lookForReceipt, type Receipt } from '../../../server/brain/decisions/strays/settle-by-receipt.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { sha256 } from '../../../server/contract/values/canonical.ts'
import { answerIn, observationsOf, type AnswerAs } from './answering.ts'
import { INC, TASK, USERS } from './acme.ts'
import { outcome } from './fake-salesforce.ts'
import { makeWorld, SETTLE_SECONDS, type World } from './world.ts'

let world: World
let answer: AnswerAs
let receipts: Receipt[] = []
let n = 0
const alarms: Receipt[] = []

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})
beforeEach(() => {
  receipts = []
  alarms.length = 0
  world.clock.pass(3600)
  world.salesforce.values.clear()
  world.salesforce.calls.length = 0
  world.salesforce.answers = {
    listReceipts: ({ since, decision }) => {
      const found = receipts.filter(
        (each) => each.createdDate >= since && [undefined, each.decision].includes(decision),
      )
      return { receipts: found, more: false, calls: 1 }
    },
  }
})

/** The org as another database's worker left it. */
function writtenBefore({ decision, changeSet, run }: LoadedDecision, digest = changeSet.digest): void {
  world.salesforce.write(changeSet.proposal.operations)
  const about = { digest, decision: decision.id, run: run.id, approvedBy: [USERS.admin, USERS.rep] }
  n += 1
  const id = `${TASK.slice(0, 12)}${String(n).padStart(3, '0')}AAA`
  receipts.push({ id, key: `${digest}/1`, createdDate: world.clock.now(), ...about })
}
const look = () => findStrays({ ...world, startedAt: world.clock.now(), onStray: (receipt) => alarms.push(receipt) })
const wrote = () => world.salesforce.calls.some(({ tool }) => tool === 'commitChangeSet')

async function endOf({ run }: LoadedDecision) {
  await world.advance(run.id)
  world.clock.pass(SETTLE_SECONDS)
  return world.advance(run.id)
}

it('is settled by its receipt: verified by reading back, approved by those whom the receipt names', async () => {
  const facts = await world.propose()
  writtenBefore(facts)
  await look()
  expect(await endOf(facts)).toMatchObject({ status: 'done', verdict: 'verified' })
  expect(wrote()).toBe(false)
  expect(alarms).toEqual([])
  const said = await observationsOf(world, facts.run.id)
  expect(said).toContain('concluded: Ada Admin approved it before the database was restored, by the org’s receipt')
  expect(said.join()).toContain(USERS.rep)
  await look()
  expect(await world.store.run(facts.run.id)).toMatchObject({ verdict: 'verified' })
})

it('takes no answer any more once it is settled', async () => {
  const facts = await world.propose()
  writtenBefore(facts)
  await lookForReceipt(world, facts.decision)
  expect(await world.store.decision(facts.decision.id)).toMatchObject({
    status: 'approved',
    settledBy: { receiptId: receipts[0]?.id, isOfOpenVersion: true },
  })
  await expect(answer(facts, 'second', 'approve')).rejects.toThrow('already approved')
  expect(await endOf(facts)).toMatchObject({ verdict: 'verified' })
})

it('ends as a partial failure, with the way back, when only the first transactions stand', async () => {
  const facts = await world.propose()
  writtenBefore(facts)
  world.salesforce.set('Account', INC, { IsDeleted: false, MasterRecordId: null })
  world.salesforce.answers.findCommitted = () => ({
    digest: facts.changeSet.digest,
    transactions: [outcome(1, 'composite', 'already'), outcome(2, 'owners', 'already'), outcome(3, 'merge', 'notSent')],
    calls: 1,
  })
  await look()
  expect(await endOf(facts)).toMatchObject({ verdict: 'partly' })
  expect(wrote()).toBe(false)
  expect((await observationsOf(world, facts.run.id)).join()).toContain('The way back is ready')
})

it('ends as unknown when the receipt was deleted before it was settled', async () => {
  const facts = await world.propose()
  writtenBefore(facts)
  const nothing = (['composite', 'owners', 'merge'] as const).map((kind, at) => outcome(at + 1, kind, 'notSent'))
  world.salesforce.answers.findCommitted = () => ({ digest: facts.changeSet.digest, transactions: nothing, calls: 1 })
  await look()
  expect(await endOf(facts)).toMatchObject({ verdict: 'unknown' })
  expect(wrote()).toBe(false)
})

it('ends as unknown, with an alarm, when the org holds a later version, which was lost', async () => {
  const facts = await world.propose()
  writtenBefore(facts, sha256('a later version'))
  await look()
  expect(alarms).toEqual(receipts)
  expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'unknown' })
  expect(await world.store.decision(facts.decision.id)).toMatchObject({ status: 'superseded' })
  expect((await observationsOf(world, facts.run.id)).join()).toContain('lost here with a restore; approved by Ada')
})
