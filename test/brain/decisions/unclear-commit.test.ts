// Guarantee 3, once, and 5, hold, don't fail: a commit with an unknown result is asked about until the result is known.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { answerDecision } from '../../../server/brain/decisions/answers/answer.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { createVisibility } from '../../../server/brain/visibility/visibility.ts'
import type { ToolOutput } from '../../../server/contract/tools.ts'
import type { TransactionOutcome } from '../../../server/contract/tool-shapes.ts'
import { USERS } from './acme.ts'
import { outcome } from './fake-salesforce.ts'
import { HOLD_SECONDS, makeWorld, PERMISSIONS, SETTLE_SECONDS, type World } from './world.ts'

type Commit = ToolOutput<'commitChangeSet'>
type Status = TransactionOutcome['status']
/** Until then a request whose answer was lost may still be at work. */
const LONGEST_SECONDS = 600

let world: World
let facts: LoadedDecision
let asks: number

beforeAll(async () => {
  world = await makeWorld()
})
beforeEach(async () => {
  world.salesforce.answers = {}
  world.salesforce.drift = []
  world.salesforce.values.clear()
  asks = 0
  facts = await world.propose()
  const visibility = createVisibility(world)
  const caller = { userId: USERS.admin, permissions: PERMISSIONS.admin }
  const token = await world.token('admin', facts, 'approve')
  const { digest } = facts.changeSet
  const answer = { decisionId: facts.decision.id, verb: 'approve', digest, caller, token } as const
  await answerDecision({ ...world, visibility, holdSeconds: HOLD_SECONDS }, answer)
  world.clock.pass(HOLD_SECONDS)
})

/** From now on each ask gets the next of these answers, and the last one for ever. */
function answering(...statuses: [Status, Status, Status][]): void {
  world.salesforce.answers = {
    commitChangeSet: () => {
      const [composite, owners, merge] = statuses[Math.min(asks, statuses.length - 1)]!
      asks += 1
      const transactions = [
        outcome(1, 'composite', composite),
        outcome(2, 'owners', owners),
        outcome(3, 'merge', merge),
      ]
      return {
        digest: facts.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        transactions,
        calls: 3,
      } satisfies Commit
    },
  }
}
const advance = () => world.advance(facts.run.id)
const said = async () =>
  (await world.store.observations(facts.run.id, null, 100)).map(({ text }) =>
    text.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join(''),
  )

const UNCLEAR: [Status, Status, Status] = ['already', 'unknown', 'notSent']
const REFUSED: [Status, Status, Status] = ['already', 'refused', 'notSent']

describe('a commit with an unknown result', () => {
  it('holds the run, is asked about once at each try, and is verified once it stands', async () => {
    answering(UNCLEAR)
    expect(await advance()).toMatchObject({ status: 'held', phase: 'commit', verdict: null })
    expect(asks).toBe(1)
    expect(await advance()).toMatchObject({ status: 'held' })
    expect(asks).toBe(2)
    world.salesforce.answers = {}
    expect(await advance()).toMatchObject({ status: 'running', phase: 'commit' })
    world.clock.pass(SETTLE_SECONDS)
    expect(await advance()).toMatchObject({ status: 'done', verdict: 'verified' })
    expect((await said()).filter((text) => text.includes('it is not known yet'))).toHaveLength(1)
  })

  it('is unknown when it is unclear even after the lost request must have ended', async () => {
    answering(UNCLEAR)
    await advance()
    world.clock.pass(LONGEST_SECONDS - 1)
    expect(await advance()).toMatchObject({ status: 'held' })
    world.clock.pass(1)
    expect(await advance()).toMatchObject({ status: 'done', verdict: 'unknown' })
    expect(asks).toBe(3)
  })

  it('does not count as refused while the lost request may still be at work', async () => {
    answering(UNCLEAR, UNCLEAR, REFUSED)
    await advance()
    world.clock.pass(300)
    await advance()
    world.clock.pass(LONGEST_SECONDS - 1)
    expect(await advance()).toMatchObject({ status: 'held', verdict: null })
    world.clock.pass(1)
    expect(await advance()).toMatchObject({ status: 'done', verdict: 'partly' })
    expect(asks).toBe(4)
  })

  it('is not taken for drift while the lost request may still be at work', async () => {
    answering(UNCLEAR, ['notSent', 'notSent', 'notSent'])
    await advance()
    expect(await advance()).toMatchObject({ status: 'held' })
    expect((await world.facts(facts.decision.id)).decision).toMatchObject({ status: 'approved', version: 1 })
  })
})
