// Guarantee 6: what the mission asserts no longer holds when it is to be written: nothing is written, and a new run looks again.
import { beforeAll, describe, expect, it } from 'vitest'
import { acmeProposal, LEAD } from './acme.ts'
import { answerIn, observationsOf, type AnswerAs } from './answering.ts'
import { outcome } from './fake-salesforce.ts'
import { HOLD_SECONDS, makeWorld, type World } from './world.ts'

let world: World
let answer: AnswerAs

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
})

const assertion = { holds: 'lead.IsConverted == false', over: [{ step: 'lead', object: 'Lead', id: LEAD }] }

describe('an assertion that no longer holds', () => {
  it('is sealed, ends the decision with the sentence, and has another run look', async () => {
    const facts = await world.propose(acmeProposal({ assertions: [assertion] }))
    const sealed = facts.changeSet.leaves.filter(({ path }) => path.startsWith('/assertions/'))
    expect(sealed.map(({ value }) => value)).toEqual(['lead.IsConverted == false', LEAD, 'Lead', 'lead'])
    world.salesforce.answers = {
      commitChangeSet: () => ({
        digest: facts.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        unheld: [assertion],
        transactions: [outcome(1, 'composite', 'notSent')],
        calls: 1,
      }),
    }
    await answer(facts, 'admin', 'approve')
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({
      status: 'done',
      verdict: 'nothing to do',
      retrigger: true,
    })
    expect((await world.facts(facts.decision.id)).decision.status).toBe('superseded')
    expect((await observationsOf(world, facts.run.id)).at(-1)).toBe(
      'noticed: Jane Doe: lead.IsConverted == false is no longer so; a new run looks again',
    )
  })
})
