// An approved decision waits for its hold, its own time and the windows of its mission, in sight, and can be taken back meanwhile.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MissionVersion } from '../../../server/brain/domain/mission.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import { grantHash } from '../../../server/contract/grant.ts'
import { acmeMission, acmeProposal, USERS } from './acme.ts'
import { answerIn, observationsOf, type AnswerAs } from './answering.ts'
import { HOLD_SECONDS, makeWorld, type World } from './world.ts'

let world: World
let answer: AnswerAs

/** Nights of working days in Berlin; the world begins on Sunday 2026-11-22 at 14:00 UTC. */
function timed(): MissionVersion {
  const mission = acmeMission()
  const grant = {
    ...mission.grant,
    version: 2,
    commit: { windows: ['Mon-Fri 18:00-06:00'], zone: 'Europe/Berlin' },
  }
  return { ...mission, version: 2, grant, grantHash: grantHash(grant) }
}

beforeAll(async () => {
  world = await makeWorld()
  answer = answerIn(world)
  const mission = timed()
  const [first] = await world.store.activeMissions()
  await world.store.transaction(async (tx) => {
    await tx.insertMission(mission)
    await tx.activateMission(mission.name, 2, {
      activation: first!.activation!,
      userId: USERS.admin,
      at: world.clock.now(),
      signedFirst: null,
      endsAt: '2100-01-01T00:00:00.000Z',
    })
  })
})
beforeEach(() => {
  world.salesforce.answers = {}
})

const commits = () => world.salesforce.calls.filter(({ tool }) => tool === 'commitChangeSet').length
const passTo = (iso: string) => world.clock.pass((Date.parse(iso) - Date.parse(world.clock.now())) / 1000)

describe('a decision that is approved outside the windows', () => {
  it('is written when the next one opens, says so meanwhile, and can be taken back', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const monday = '2026-11-23T17:00:00.000Z'
    expect((await world.facts(facts.decision.id)).decision.commitsAt).toBe(monday)
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'running', phase: 'decide', nextTryAt: monday })
    expect(await observationsOf(world, facts.run.id)).toContain(
      'waited: Approved; it will be written Monday 2026-11-23 18:00 (Europe/Berlin)',
    )
    await answer(facts, 'admin', 'take-back')
    const again = await world.facts(facts.decision.id)
    expect(again.decision).toMatchObject({ status: 'open', version: 2 })
    await answer(again, 'admin', 'approve')
    passTo(addSeconds(monday, -1))
    await world.advance(facts.run.id)
    expect(commits()).toBe(0)
    world.clock.pass(1)
    expect((await world.advance(facts.run.id)).phase).toBe('commit')
    expect(commits()).toBe(1)
  })

  it('waits for the next window when workers were away during its own', async () => {
    const facts = await world.propose()
    passTo('2026-11-24T12:00:00.000Z')
    await answer(facts, 'admin', 'approve')
    passTo('2026-11-25T12:00:00.000Z')
    expect(await world.advance(facts.run.id)).toMatchObject({ phase: 'decide', nextTryAt: '2026-11-25T17:00:00.000Z' })
  })

  it('waits for its own time first', async () => {
    const facts = await world.propose(acmeProposal({ notBefore: '2026-12-01T08:00:00.000Z' }))
    await answer(facts, 'admin', 'approve')
    expect((await world.facts(facts.decision.id)).decision.commitsAt).toBe('2026-12-01T17:00:00.000Z')
  })

  it('holds until the time that salesforce-mcp gives, whatever the clock here shows', async () => {
    passTo('2026-12-02T18:00:00.000Z')
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const until = '2026-12-02T20:00:00.000Z'
    world.salesforce.answers.commitChangeSet = () => {
      const error = { code: 'too-early', message: 'later', orgCode: null, retryable: true, until } as const
      throw new SalesforceError('commitChangeSet', error)
    }
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'held', nextTryAt: until })
    world.salesforce.answers = {}
    passTo(until)
    expect((await world.advance(facts.run.id)).phase).toBe('commit')
  })
})
