// Who may answer a decision with which token, and what happens when two answer at once.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Answer } from '../../../server/brain/decisions/answers/answer.ts'
import { acmeProposal, INC, LEAD, USERS } from './acme.ts'
import { answerIn, type AnswerAs } from './answering.ts'
import { refused, unavailable } from './fake-salesforce.ts'
import { makeWorld, type Who, type World } from './world.ts'

let world: World
let answer: AnswerAs

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})
beforeEach(() => {
  world.salesforce.answers = {}
  world.salesforce.drift = []
  world.salesforce.hidden.clear()
})

describe('an answer', () => {
  const cases: [string, Who, Partial<Answer>, Record<string, unknown>, object][] = [
    ['names the missing permission', 'rep', {}, {}, { code: 'forbidden', missing: 'Decide_Missions' }],
    [
      'is refused for another digest, with the version now open',
      'admin',
      { digest: 'f'.repeat(64) },
      {},
      { code: 'stale', version: 1 },
    ],
    ['is refused with a token of another person', 'admin', {}, { sub: USERS.second }, { code: 'forbidden' }],
    ['is refused with a token for another decision', 'admin', {}, { decisionId: 'another' }, { code: 'forbidden' }],
    ['is refused with a token for another verb', 'admin', {}, { verb: 'reject' }, { code: 'forbidden' }],
    ['is refused with a token for another digest', 'admin', {}, { digest: 'e'.repeat(64) }, { code: 'forbidden' }],
    [
      'is refused without the rights checked',
      'admin',
      {},
      { rights: 'd'.repeat(64) },
      { code: 'forbidden', missing: 'the rights listed in the decision' },
    ],
    [
      'is refused to a person who left the group',
      'admin',
      {},
      { groups: [] },
      { code: 'forbidden', missing: 'group:RevOps' },
    ],
    [
      'is refused with a token that the org did not sign',
      'admin',
      { token: 'not.a.token' },
      {},
      { code: 'forbidden', missing: 'a decision signed by the org' },
    ],
  ]
  it.each(cases)('%s', async (_title, who, more, claims, expected) => {
    const facts = await world.propose()
    await expect(answer(facts, who, 'approve', more, claims)).rejects.toMatchObject(expected)
    expect((await world.facts(facts.decision.id)).decision.status).toBe('open')
  })

  it('an answer of whoever launched the run does not count as approval', async () => {
    const facts = await world.propose(acmeProposal(), USERS.admin)
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({
      code: 'forbidden',
      missing: 'a second person',
    })
    await answer(facts, 'second', 'approve')
    expect((await world.facts(facts.decision.id)).decision.status).toBe('approved')
  })

  it('an answer of one person is not enough where two are needed', async () => {
    const facts = await world.propose(
      acmeProposal({ gate: { lines: [0], rosters: [{ needs: 2, from: 'group:RevOps' }] } }),
    )
    await answer(facts, 'admin', 'approve')
    expect((await world.facts(facts.decision.id)).decision.status).toBe('open')
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({ code: 'conflict' })
    await answer(facts, 'second', 'approve')
    expect((await world.facts(facts.decision.id)).decision.status).toBe('approved')
  })

  it('given twice at once has one winner', async () => {
    const facts = await world.propose()
    const answers = await Promise.allSettled([
      answer(facts, 'admin', 'approve'),
      answer(facts, 'second', 'reject', { reason: 'other' }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = answers.find((each) => each.status === 'rejected')
    expect(lost?.reason).toMatchObject({ code: 'conflict' })
  })

  it('is refused to whoever may not see a gated field or a record that would change', async () => {
    const facts = await world.propose()
    world.salesforce.hide(USERS.admin, 'Account.AnnualRevenue')
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({
      missing: 'read access to Account.AnnualRevenue',
    })
    world.salesforce.hide(USERS.second, INC)
    await expect(answer(facts, 'second', 'approve')).rejects.toMatchObject({ missing: 'read access to Account' })
    world.salesforce.hide(USERS.second, LEAD)
    await expect(answer(facts, 'second', 'reject')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('waits when salesforce-mcp cannot take the token now', async () => {
    const facts = await world.propose()
    world.salesforce.answers = {
      acceptDecision: () => {
        throw unavailable('acceptDecision')
      },
    }
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({ code: 'salesforce' })
    world.salesforce.answers = {
      acceptDecision: () => {
        throw refused('acceptDecision', 'used before')
      },
    }
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({ code: 'forbidden' })
  })
})
