// Guarantee 8: a run computed again from its record. That every run of the tests beside this one comes out the same is held by `world.ts`.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { openDoor, type Door } from '../http/server.ts'
import { acmeProposal, CORP } from '../decisions/acme.ts'
import { HOLD_SECONDS, SETTLE_SECONDS } from '../decisions/world.ts'

let door: Door

beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => {
  door.salesforce.answers = {}
  door.salesforce.drift = []
})

async function answer(facts: LoadedDecision, verb: 'approve' | 'reject' | 'take-back'): Promise<void> {
  const response = await door.post('admin', `/api/v1/decisions/${facts.decision.id}/${verb}`, {
    ...(verb === 'approve' ? { digest: facts.changeSet.digest } : {}),
    ...(verb === 'reject' ? { reason: 'not-now' } : {}),
    decision: await door.token('admin', facts, verb),
  })
  expect(response.status, await response.clone().text()).toBe(200)
}

async function commit(facts: LoadedDecision): Promise<void> {
  await answer(facts, 'approve')
  door.clock.pass(HOLD_SECONDS)
  await door.advance(facts.run.id)
}

async function written(): Promise<string> {
  const facts = await door.propose()
  await commit(facts)
  door.clock.pass(SETTLE_SECONDS)
  await door.advance(facts.run.id)
  return facts.run.id
}

const PHASES = ['trigger', 'read', 'enrich', 'reason', 'propose', 'decide', 'commit']

describe('a run computed again', () => {
  it('comes to the same results, digest, verdict and observations', async () => {
    const replay = await door.replay(await written())
    expect(replay.phases).toEqual(PHASES.map((phase) => ({ phase, engine: 'this', result: 'same' })))
    expect(replay.versions).toEqual([
      { version: 1, recorded: expect.stringMatching(/^[0-9a-f]{64}$/), recomputed: replay.versions[0]?.recorded },
    ])
    expect(replay.verdict).toEqual({ recorded: 'verified', recomputed: 'verified' })
    expect(replay.observations.compared).toBeGreaterThanOrEqual(5)
    expect(replay).toMatchObject({ asked: [], observations: { otherwise: [] }, isSame: true })
  })

  it('composes again what drift made of it, and leaves to people what they brought about by taking back', async () => {
    const drifted = await door.propose()
    const at = door.clock.now()
    door.salesforce.drift = [
      { id: CORP, object: 'Account', field: 'BillingCity', was: 'Boston', now: 'Salem', by: 'Dana Whit', at },
    ]
    await commit(drifted)
    const [first, second] = (await door.replay(drifted.run.id)).versions
    expect([first?.recomputed, second?.recomputed]).toEqual([first?.recorded, second?.recorded])
    expect(first?.recorded).not.toBe(second?.recorded)

    door.salesforce.drift = []
    const taken = await door.propose()
    await answer(taken, 'approve')
    await answer(taken, 'take-back')
    await commit(await door.facts(taken.decision.id))
    const replay = await door.replay(taken.run.id)
    expect([replay.versions.map(({ version }) => version), replay.isSame]).toEqual([[1], true])
  })

  it('is followed as far as its record goes while it waits, and to its end when it was rejected', async () => {
    const waiting = await door.propose()
    expect(await door.replay(waiting.run.id)).toMatchObject({
      verdict: { recorded: null, recomputed: null },
      versions: [{ version: 1, recomputed: waiting.changeSet.digest }],
      isSame: true,
    })
    await answer(waiting, 'reject')
    await door.advance(waiting.run.id)
    expect(await door.replay(waiting.run.id)).toMatchObject({
      verdict: { recorded: 'rejected', recomputed: 'rejected' },
      isSame: true,
    })
  })

  it('keeps the verdict it had when it was undone later', async () => {
    const id = await written()
    const run = await door.store.transaction((tx) =>
      tx.updateRun(id, { verdict: 'undone', undo: { runId: 'another', was: 'verified' } }),
    )
    expect(run.verdict).toBe('undone')
    expect(await door.replay(id)).toMatchObject({ verdict: { recorded: 'verified' }, isSame: true })
  })

  it('shows an auditor over HTTP what was recorded and what came of it again', async () => {
    const id = await written()
    const answered = await door.json('auditor', `/api/v1/runs/${id}/replay`)
    expect(answered).toMatchObject({
      recorded: true,
      recomputed: { isSame: true, verdict: { recomputed: 'verified' } },
    })
    expect((await door.get('second', `/api/v1/runs/${id}/replay`)).status).toBe(403)
  })
})

describe('another engine', () => {
  const proposing =
    (proposal: object): PhaseFunction =>
    () =>
      Promise.resolve({ kind: 'next', result: proposal })

  it('another engine that proposes something else is told from the one that was at work', async () => {
    const id = await written()
    const { operations, ...rest } = acmeProposal()
    const fewer = { ...rest, operations: operations.slice(0, -1) }
    const replay = await door.replay(id, { propose: proposing(fewer) })
    expect(replay.isSame).toBe(false)
    expect(replay.phases.find(({ phase }) => phase === 'propose')).toEqual({
      phase: 'propose',
      engine: 'another',
      result: 'other',
    })
    expect(replay.asked).toContainEqual({ phase: 'decide', key: 'check', how: 'asked otherwise then' })
    expect(replay.versions[0]?.recomputed).toMatch(/^[0-9a-f]{64}$/)
    expect(replay.versions[0]?.recomputed).not.toBe(replay.versions[0]?.recorded)

    const more = { ...rest, operations: [...operations, ...operations] }
    const broken = await door.replay(id, { propose: proposing(more) })
    expect(broken).toMatchObject({ brokeOffIn: 'decide', isSame: false })
  })

  it('another engine that asks what was not asked, or not what was, is told by the names', async () => {
    const id = await written()
    const reading: PhaseFunction = async (context) => {
      await context.ask('weather', null, () => Promise.resolve('fine'))
      return { kind: 'next', result: null }
    }
    const replay = await door.replay(id, { read: reading })
    expect(replay.asked).toEqual([{ phase: 'read', key: 'weather', how: 'not asked then' }])
    expect(replay.phases.map(({ result }) => result)).toEqual(['same', ...PHASES.slice(1).map(() => 'not reached')])
    expect(replay).toMatchObject({ verdict: { recorded: 'verified', recomputed: null }, isSame: false })

    const settled: PhaseFunction = () => Promise.resolve({ kind: 'finish', verdict: 'rejected', result: null })
    const hasty = await door.replay(id, { decide: settled })
    expect(hasty.asked).toContainEqual({ phase: 'decide', key: 'check', how: 'not asked again' })
    expect(hasty.verdict).toEqual({ recorded: 'verified', recomputed: 'rejected' })
  })

  it('another engine that only says something else comes to the same change set and verdict, and the words are shown', async () => {
    const id = await written()
    const reason: PhaseFunction = () =>
      Promise.resolve({ kind: 'next', result: null, say: [{ kind: 'noticed', text: ['Acme is two companies'] }] })
    const { phases, versions, verdict, observations, isSame } = await door.replay(id, { reason })
    expect(phases.map(({ result }) => result)).toEqual(PHASES.map(() => 'same'))
    expect([versions[0]?.recomputed, verdict.recomputed]).toEqual([versions[0]?.recorded, 'verified'])
    expect(observations.otherwise).toEqual([
      {
        phase: 'reason',
        key: 'result',
        recorded: null,
        recomputed: { kind: 'noticed', text: ['Acme is two companies'] },
      },
    ])
    expect(isSame).toBe(false)
  })
})
