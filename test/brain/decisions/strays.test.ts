// Guarantee 1: a write in the org that was not approved here raises an alarm, and the run no longer denies it.
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { findStrays } from '../../../server/brain/decisions/strays/find-strays.ts'
import type { Receipt } from '../../../server/brain/decisions/strays/settle-by-receipt.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { answerIn, observationsOf, type AnswerAs } from './answering.ts'
import { TASK, USERS } from './acme.ts'
import { HOLD_SECONDS, makeWorld, SETTLE_SECONDS, type World } from './world.ts'

let world: World
let answer: AnswerAs
let n = 0
const found: Receipt[] = []
const asked: string[] = []
const alarms: Receipt[] = []
const others: Receipt[] = []

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})
beforeEach(() => {
  found.length = 0
  asked.length = 0
  alarms.length = 0
  others.length = 0
  world.clock.pass(3600)
  world.salesforce.answers = {
    listReceipts: ({ since }) => {
      asked.push(since)
      const receipts = found.filter(({ createdDate }) => createdDate >= since).slice(0, 2)
      return { receipts, more: receipts.length === 2, calls: 1 }
    },
  }
})

const look = (startedAt = world.clock.now()) =>
  findStrays({
    ...world,
    startedAt,
    onStray: (receipt, byOther) => void (alarms.push(receipt), byOther && others.push(receipt)),
  })

function receiptOf({ decision, changeSet, run }: LoadedDecision): Receipt {
  n += 1
  const id = `${TASK.slice(0, 12)}${String(n).padStart(3, '0')}AAA`
  const { digest } = changeSet
  const about = { digest, decision: decision.id, run: run.id, approvedBy: [USERS.admin] }
  return { id, key: `${digest}/1`, createdDate: world.clock.now(), ...about }
}

it('a write of a rejected decision is told: the verdict, the rationale and an alarm', async () => {
  const facts = await world.propose()
  await answer(facts, 'second', 'reject', { reason: 'other' })
  expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'rejected' })
  found.push(receiptOf(facts))
  await look()
  const run = await world.store.run(facts.run.id)
  const text = 'Salesforce holds a write that was not approved here; check the records by hand'
  expect(run).toMatchObject({ verdict: 'unknown', reason: [text] })
  expect(await observationsOf(world, facts.run.id)).toContain(`failed: ${text}`)
  expect(alarms).toEqual(found)
  await look()
  expect(alarms).toHaveLength(1)
})

it('a write of an earlier version is told, although the present one waits', async () => {
  const facts = await world.propose()
  await answer(facts, 'admin', 'approve')
  await answer(facts, 'admin', 'take-back')
  found.push(receiptOf(facts))
  await look()
  expect(alarms).toEqual(found)
  expect(await world.store.run(facts.run.id)).toMatchObject({ verdict: null })
  expect((await observationsOf(world, facts.run.id)).join()).toContain('was not approved here')
})

it('a write of a decision that is unknown here is told', async () => {
  const facts = await world.propose()
  found.push({ ...receiptOf(facts), decision: 'from-before-the-restore' })
  await look()
  expect(alarms).toEqual(found)
  expect(others).toEqual([])
})

it('a decision that is unknown here and was written since the start is another brain’s', async () => {
  const facts = await world.propose()
  found.push({ ...receiptOf(facts), decision: 'of-another-database' })
  await look('2026-01-01T00:00:00.000Z')
  expect(others).toEqual(found)
})

it('what was approved and written is no alarm, while it is written and afterwards', async () => {
  const facts = await world.propose()
  await answer(facts, 'admin', 'approve')
  found.push(receiptOf(facts))
  await look()
  world.clock.pass(HOLD_SECONDS)
  await world.advance(facts.run.id)
  world.clock.pass(SETTLE_SECONDS)
  expect(await world.advance(facts.run.id)).toMatchObject({ verdict: 'verified' })
  await look()
  expect(alarms).toEqual([])
})

it('many are read page by page, each once, and the next look begins shortly before the last', async () => {
  const facts = await world.propose()
  for (let page = 0; page < 5; page += 1) {
    found.push({ ...receiptOf(facts), decision: `gone-${page}` })
    world.clock.pass(1)
  }
  await look()
  expect(alarms.map(({ decision }) => decision)).toEqual(['gone-0', 'gone-1', 'gone-2', 'gone-3', 'gone-4'])
  const pages = asked.length
  await look()
  expect(alarms).toHaveLength(5)
  expect(Date.parse(asked[pages]!)).toBe(Date.parse(found[4]!.createdDate) - 900_000)
})
