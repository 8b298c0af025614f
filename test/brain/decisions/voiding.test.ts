// Guarantee 1: an approval that ended is voided in the org, however it ended; until the org is marked, it is tried again.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expireDecision } from '../../../server/brain/decisions/answers/expire.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { voidDecision } from '../../../server/brain/decisions/voiding/void-decision.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import type { Drift } from '../../../server/contract/tool-shapes.ts'
import type { ToolOutput } from '../../../server/contract/tools.ts'
import { LEAD, USERS } from './acme.ts'
import { answerIn, type AnswerAs } from './answering.ts'
import { outcome, refused, unavailable } from './fake-salesforce.ts'
import { HOLD_SECONDS, makeWorld, type World } from './world.ts'

let world: World
let answer: AnswerAs

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})
beforeEach(() => {
  world.salesforce.answers = {}
  world.salesforce.drift = []
  world.salesforce.voided.length = 0
})

const DAYS = 86_400
const drift: Drift = {
  id: LEAD,
  object: 'Lead',
  field: 'OwnerId',
  was: USERS.dana,
  now: USERS.rep,
  by: 'Rita Rep',
  at: null,
}

/** The commit writes nothing, because of an approver who may no longer approve. */
const lapsing = (): ToolOutput<'commitChangeSet'> => ({
  digest: 'd'.repeat(64),
  drift: [],
  gate: null,
  lapsed: [{ userId: USERS.admin, reason: 'is no longer an active user' }],
  transactions: [outcome(1, 'composite', 'notSent')],
  calls: 1,
})

async function approved(): Promise<LoadedDecision> {
  const facts = await world.propose()
  await answer(facts, 'admin', 'approve')
  return facts
}

/** Walks the run into its commit, which meets what the test gave it. */
async function committed(facts: LoadedDecision): Promise<LoadedDecision> {
  world.clock.pass(HOLD_SECONDS)
  await world.advance(facts.run.id)
  return world.facts(facts.decision.id)
}

async function voidedOf({ decision }: LoadedDecision): Promise<string[]> {
  expect(await world.store.dueVoidings()).toContain(decision.id)
  await voidDecision(world, decision.id)
  expect(await world.store.dueVoidings()).not.toContain(decision.id)
  return world.salesforce.voided
}

describe('an approval that ended', () => {
  const ends: [title: string, end: (facts: LoadedDecision) => Promise<unknown>][] = [
    ['was taken back', (facts) => answer(facts, 'admin', 'take-back')],
    [
      'lapsed by drift, after which the next version was rejected',
      async (facts) => {
        world.salesforce.drift = [drift]
        await answer(await committed(facts), 'second', 'reject', { reason: 'other' })
      },
    ],
    [
      'lapsed with its approver, after which the decision was rejected',
      async (facts) => {
        world.salesforce.answers = { commitChangeSet: lapsing }
        await answer(await committed(facts), 'second', 'reject', { reason: 'other' })
      },
    ],
    [
      'lapsed with its approver, after which the decision expired',
      async (facts) => {
        world.salesforce.answers = { commitChangeSet: lapsing }
        await committed(facts)
        world.clock.pass(6 * DAYS)
        await expireDecision(world, facts.decision.id)
      },
    ],
    ['ended with its run, which was cancelled', (facts) => steerRun(world, 'cancel', facts.run.id)],
    [
      'ended with its run, whose commit was refused before it left',
      async (facts) => {
        world.salesforce.answers = { commitChangeSet: () => Promise.reject(refused('commitChangeSet', 'expired')) }
        await committed(facts).catch(() => undefined)
      },
    ],
  ]
  it.each(ends)('is voided in the org when it %s', async (_title, end) => {
    const facts = await approved()
    await end(facts)
    expect(await voidedOf(facts)).toEqual([facts.changeSet.digest])
  })

  it('is tried again until the org is marked', async () => {
    const facts = await approved()
    await answer(facts, 'admin', 'take-back')
    world.salesforce.answers = { voidChangeSet: () => Promise.reject(unavailable('voidChangeSet')) }
    await voidDecision(world, facts.decision.id)
    expect(await world.store.dueVoidings()).not.toContain(facts.decision.id)
    world.clock.pass(60)
    world.salesforce.answers = {}
    expect(await voidedOf(facts)).toEqual([facts.changeSet.digest])
  })

  it('is not forgotten when another version ends while the org is being marked', async () => {
    const facts = await approved()
    await answer(facts, 'admin', 'take-back')
    const next = await world.facts(facts.decision.id)
    world.salesforce.answers = {
      voidChangeSet: async ({ digest }) => {
        world.clock.pass(1)
        if (digest === facts.changeSet.digest) {
          await answer(next, 'second', 'approve')
          await answer(next, 'second', 'take-back')
        }
        return { voided: true, receipt: null, calls: 1 }
      },
    }
    await voidDecision(world, facts.decision.id)
    world.salesforce.answers = {}
    expect(await voidedOf(facts)).toEqual([facts.changeSet.digest, next.changeSet.digest])
  })
})

describe('what no worker can write', () => {
  it('costs no call: a decision that was rejected without an approval', async () => {
    const facts = await world.propose()
    await answer(facts, 'second', 'reject', { reason: 'other' })
    expect(await world.store.dueVoidings()).not.toContain(facts.decision.id)
  })

  it('a version that may still be written is left alone', async () => {
    const facts = await approved()
    await voidDecision(world, facts.decision.id)
    expect(world.salesforce.voided).toEqual([])
  })
})
