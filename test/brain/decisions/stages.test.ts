// A gate of two stages: the second is asked, and answers, only after the first said yes.
import { beforeAll, describe, expect, it } from 'vitest'
import { decisionView } from '../../../server/brain/decisions/view/decision-view.ts'
import { acmeProposal, USERS } from './acme.ts'
import { answerIn, observationsOf, SEES_ALL, type AnswerAs } from './answering.ts'
import { outcome } from './fake-salesforce.ts'
import { HOLD_SECONDS, makeWorld, PERMISSIONS, type Who, type World } from './world.ts'

let world: World
let answer: AnswerAs

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})

const GATE = {
  lines: [0],
  rosters: [{ needs: 1, from: 'group:Finance' }],
  then: [{ needs: 1, from: 'group:RevOps' }],
}
const FINANCE = { groups: ['Finance'] }

async function opened() {
  const { admin, second } = USERS
  world.salesforce.answers = {
    resolveRoster: ({ from }) => ({
      users: [from === 'group:Finance' ? { id: second, name: 'Sam Second' } : { id: admin, name: 'Ada Admin' }],
      calls: 1,
    }),
  }
  return world.propose(acmeProposal({ gate: GATE }))
}
const viewOf = async (who: Who, id: string) =>
  decisionView(await world.facts(id), { userId: USERS[who], permissions: PERMISSIONS[who] }, SEES_ALL)

describe('a decision of two stages', () => {
  it('asks the second once the first approved, and is written then', async () => {
    const facts = await opened()
    expect((await observationsOf(world, facts.run.id))[0]).toBe(
      'asked: Waiting for 1 person of Finance, then 1 of RevOps, until 2026-11-27',
    )
    const { id } = facts.decision
    const before = await viewOf('admin', id)
    expect(before).toMatchObject({ needs: 2, askedNow: GATE.rosters })
    expect(before.you).toEqual({
      canApprove: false,
      canReject: false,
      why: 'You are asked once group:Finance approved.',
    })
    for (const verb of ['approve', 'reject'] as const)
      await expect(answer(facts, 'admin', verb)).rejects.toMatchObject({ code: 'forbidden' })
    await answer(facts, 'second', 'approve', {}, FINANCE)
    world.clock.pass(1)
    expect(await viewOf('admin', id)).toMatchObject({ askedNow: GATE.then, you: { canApprove: true } })
    await answer(facts, 'admin', 'approve')
    expect((await world.facts(id)).decision.status).toBe('approved')
  })

  it('asks the second again when the first may no longer approve', async () => {
    const facts = await opened()
    await answer(facts, 'second', 'approve', {}, FINANCE)
    world.clock.pass(1)
    await answer(facts, 'admin', 'approve')
    world.salesforce.answers.commitChangeSet = () => ({
      digest: facts.changeSet.digest,
      drift: [],
      gate: null,
      lapsed: [{ userId: USERS.second, reason: 'is no longer an active user' }],
      transactions: [outcome(1, 'composite', 'notSent')],
      calls: 1,
    })
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'waiting' })
    expect(await viewOf('admin', facts.decision.id)).toMatchObject({
      status: 'open',
      askedNow: GATE.rosters,
      approvals: 0,
    })
  })
})
