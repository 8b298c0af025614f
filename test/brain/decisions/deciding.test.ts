import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expireDecision } from '../../../server/brain/decisions/answers/expire.ts'
import { render } from '../../../server/brain/domain/phrase.ts'
import { digestOf } from '../../../server/contract/seal.ts'
import { acmeProposal, CORP, INC, LEAD } from './acme.ts'
import { answerIn, observationsOf, SEES_ALL, type AnswerAs } from './answering.ts'
import { outcome, unavailable } from './fake-salesforce.ts'
import { HOLD_SECONDS, makeWorld, SETTLE_SECONDS, type World } from './world.ts'

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

describe('a decision', () => {
  it('is opened once, with a digest over every leaf, and the run waits for a person', async () => {
    const { run, decision, changeSet } = await world.propose()
    expect(run.status).toBe('waiting')
    expect(decision).toMatchObject({
      status: 'open',
      version: 1,
      commitsAt: null,
      rosters: [{ from: 'group:RevOps', needs: 1 }],
    })
    expect(digestOf(changeSet.leaves)).toBe(changeSet.digest)
    await world.advance(run.id)
    expect((await world.facts(decision.id)).changeSet).toEqual(changeSet)
    expect(await observationsOf(world, run.id)).toEqual([
      'asked: Waiting for 1 person of RevOps, until 2026-11-27',
      'noticed: 240,000 of open amounts would move',
    ])
  })

  it('is written after approval and hold, read back twice, and verified', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    expect((await world.facts(facts.decision.id)).decision.status).toBe('approved')
    const calls = world.salesforce.calls
    calls.length = 0
    expect((await world.advance(facts.run.id)).phase).toBe('decide')
    expect(calls).toEqual([])
    world.clock.pass(HOLD_SECONDS)
    expect((await world.advance(facts.run.id)).phase).toBe('commit')
    world.clock.pass(SETTLE_SECONDS)
    const run = await world.advance(facts.run.id)
    expect(run).toMatchObject({ status: 'done', verdict: 'verified', differences: [] })
    expect(calls.map(({ tool }) => tool)).toEqual(['commitChangeSet', 'readBack', 'readBack'])
    expect(await observationsOf(world, run.id)).toEqual([
      'asked: Waiting for 1 person of RevOps, until 2026-11-27',
      'noticed: 240,000 of open amounts would move',
      'concluded: Ada Admin approved exactly this change set',
      'wrote: Step 1 of 3: update 1 field of Jane Doe, create a Task and write the receipt',
      'wrote: Step 2 of 3: make Priya Rao the owner of Jane Doe',
      'wrote: Step 3 of 3: merge Acme Inc into Acme Corp',
      'checked: Read back at once: 7 fields, 3 records as proposed',
      'checked: Read back after 5 s: 7 fields, 3 records as proposed',
    ])
  })

  it('a decision that is rejected changes nothing and says who rejected it', async () => {
    const facts = await world.propose()
    world.salesforce.calls.length = 0
    await answer(facts, 'second', 'reject', { reason: 'wrong-survivor' })
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'rejected' })
    expect(world.salesforce.calls.filter(({ tool }) => tool === 'commitChangeSet')).toEqual([])
    expect((await observationsOf(world, facts.run.id)).at(-1)).toBe(
      'concluded: Sam Second rejected it: wrong-survivor. Nothing was changed.',
    )
  })

  it('a decision that nobody answers expires and changes nothing', async () => {
    const facts = await world.propose()
    await expireDecision(world, facts.decision.id)
    expect((await world.facts(facts.decision.id)).decision.status).toBe('open')
    world.clock.pass(5 * 86_400)
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({ code: 'conflict' })
    await expireDecision(world, facts.decision.id)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'expired' })
  })

  it('a decision that was taken back during the hold is open again as a version that the earlier approval does not fit', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    await answer(facts, 'admin', 'take-back')
    const again = await world.facts(facts.decision.id)
    expect(again.decision).toMatchObject({ status: 'open', version: 2, commitsAt: null })
    expect(again.changeSet.digest).not.toBe(facts.changeSet.digest)
    await expect(answer(facts, 'admin', 'approve')).rejects.toMatchObject({
      code: 'stale',
      version: 2,
      digest: again.changeSet.digest,
    })
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'waiting', phase: 'decide' })
    await answer(again, 'admin', 'approve')
    world.clock.pass(HOLD_SECONDS)
    expect((await world.advance(facts.run.id)).phase).toBe('commit')
    await expect(answer(again, 'admin', 'take-back')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('a decision with a blocker is never opened; the run says why in a plain sentence', async () => {
    const sentence = 'Acme Inc is under legal hold'
    world.salesforce.answers = {
      checkChangeSet: ({ base }) => ({
        base,
        drift: [],
        gate: null,
        blockers: [{ code: 'legal-hold', sentence, ids: [INC] }],
        calls: 1,
      }),
    }
    await expect(world.propose()).rejects.toThrow('no decision was opened')
    const [run] = await world.store.runs({ limit: 1 })
    expect(run).toMatchObject({ status: 'done', verdict: 'nothing to do' })
    expect(await observationsOf(world, run!.id)).toEqual([`noticed: ${sentence}`])
  })

  it('voids the approval when somebody changed a field it covers, and says who changed what', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const at = world.clock.now()
    world.salesforce.drift = [
      { id: CORP, object: 'Account', field: 'BillingCity', was: 'Boston', now: 'Salem', by: 'Dana Whit', at },
    ]
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'waiting', phase: 'commit' })
    const next = await world.facts(facts.decision.id)
    expect(next.decision).toMatchObject({ status: 'open', version: 2 })
    expect(render(next.changeSet.notice ?? [], SEES_ALL)).toBe(
      'Dana Whit changed BillingCity of Acme Corp from Boston to Salem since this was proposed. Nothing was written.',
    )
    const merge = next.changeSet.proposal.operations.find(({ kind }) => kind === 'merge')
    expect(merge).toMatchObject({ fields: { BillingCity: { from: 'Salem', to: 'Cambridge' } } })
    await answer(next, 'admin', 'approve')
    world.clock.pass(HOLD_SECONDS)
    await world.advance(facts.run.id)
    world.clock.pass(SETTLE_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'verified' })
  })

  it('is looked at anew by another run when a record that would end changed after the approval', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const at = world.clock.now()
    world.salesforce.drift = [
      { id: INC, object: 'Account', field: 'SystemModstamp', was: 'then', now: 'later', by: 'Dana Whit', at },
    ]
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'nothing to do' })
    expect((await world.facts(facts.decision.id)).decision.status).toBe('superseded')
    expect((await observationsOf(world, facts.run.id)).at(-1)).toBe(
      'noticed: Acme Inc changed after the approval; a new run looks again',
    )
    const again = await world.store.openRunAbout(facts.run.mission, LEAD)
    expect(again?.id).not.toBe(facts.run.id)
  })

  it('is looked at anew, naming who changed what, when a value that it was concluded from changed after the approval', async () => {
    const value = { object: 'Account', id: CORP, field: 'Industry', value: 'Energy' }
    const facts = await world.propose(acmeProposal({ evidence: [value] }))
    await answer(facts, 'admin', 'approve')
    const at = world.clock.now()
    world.salesforce.drift = [{ ...value, was: 'Energy', now: 'Retail', by: 'Dana Whit', at }]
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'nothing to do' })
    expect((await world.facts(facts.decision.id)).decision.status).toBe('superseded')
    expect((await observationsOf(world, facts.run.id)).at(-1)).toBe(
      'noticed: Dana Whit changed Industry of Acme Corp after the approval; a new run looks again',
    )
    expect(await world.store.openRunAbout(facts.run.mission, LEAD)).not.toBeNull()
  })

  it('does not blame the write for what somebody else changed before it', async () => {
    const facts = await world.propose()
    world.salesforce.set('Account', CORP, { Industry: 'Retail' })
    await answer(facts, 'admin', 'approve')
    world.clock.pass(HOLD_SECONDS)
    await world.advance(facts.run.id)
    world.clock.pass(SETTLE_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ verdict: 'verified', differences: [] })
  })

  it('is held, visibly, while all writes are stopped, and written when they are allowed again', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    await world.store.transaction((tx) => tx.setSetting('writes', 'stopped'))
    world.clock.pass(HOLD_SECONDS)
    const held = await world.advance(facts.run.id)
    expect(held).toMatchObject({ status: 'held', phase: 'commit' })
    expect(world.salesforce.calls.at(-1)?.tool).not.toBe('commitChangeSet')
    await world.store.transaction((tx) => tx.setSetting('writes', 'allowed'))
    expect((await world.advance(facts.run.id)).phase).toBe('commit')
    expect(world.salesforce.calls.some(({ tool, runId }) => tool === 'commitChangeSet' && runId === facts.run.id)).toBe(
      true,
    )
  })

  it('a decision whose commit lost its answer is committed again with the same leaves and approvals', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const asked: unknown[] = []
    world.salesforce.answers = {
      commitChangeSet: (input) => {
        asked.push(input)
        throw unavailable('commitChangeSet')
      },
    }
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'held' })
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'held' })
    expect(asked).toHaveLength(2)
    expect(asked[1]).toEqual(asked[0])
  })

  it('a decision whose merge the org refused ends partly done and says what stands', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    world.salesforce.values.clear()
    world.salesforce.write(facts.changeSet.proposal.operations.slice(0, 3))
    const error = { code: 'MERGE_FAILED', message: 'Circular hierarchy', fields: [] }
    world.salesforce.answers = {
      commitChangeSet: () => ({
        digest: facts.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        transactions: [
          outcome(1, 'composite', 'written'),
          outcome(2, 'owners', 'written'),
          outcome(3, 'merge', 'refused', error),
        ],
        calls: 4,
      }),
    }
    world.clock.pass(HOLD_SECONDS)
    const run = await world.advance(facts.run.id)
    expect(run).toMatchObject({ status: 'done', verdict: 'partly' })
    expect(run.differences.map(({ field }) => field)).toContain('MasterRecordId')
    expect(await observationsOf(world, run.id)).toContain(
      'failed: Salesforce refused: Circular hierarchy. Earlier steps stand.',
    )
  })

  it('a decision whose loser was changed during the write ends partly, says who changed it and offers the way back', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    world.salesforce.values.clear()
    world.salesforce.write(facts.changeSet.proposal.operations.slice(0, 3))
    const [was, now] = ['2026-11-22T12:00:00.000+0000', '2026-11-22T12:00:20.000+0000']
    world.salesforce.answers = {
      commitChangeSet: () => ({
        digest: facts.changeSet.digest,
        drift: [{ id: INC, object: 'Account', field: 'SystemModstamp', was, now, by: 'Rita Rep', at: now }],
        gate: null,
        lapsed: [],
        transactions: [
          outcome(1, 'composite', 'written'),
          outcome(2, 'owners', 'written'),
          outcome(3, 'merge', 'notSent'),
        ],
        calls: 4,
      }),
    }
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'partly' })
    const texts = await observationsOf(world, facts.run.id)
    expect(texts).toContain('noticed: Rita Rep changed Acme Inc before step 3 of 3; it was not sent')
    expect(texts.some((text) => text.startsWith('concluded: The way back is ready'))).toBe(true)
  })

  it('a decision whose first write the org refused changes nothing', async () => {
    const facts = await world.propose()
    await answer(facts, 'admin', 'approve')
    const error = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Phone is needed', fields: ['Phone'] }
    world.salesforce.answers = {
      commitChangeSet: () => ({
        digest: facts.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        transactions: [
          outcome(1, 'composite', 'refused', error),
          outcome(2, 'owners', 'notSent'),
          outcome(3, 'merge', 'notSent'),
        ],
        calls: 2,
      }),
    }
    world.clock.pass(HOLD_SECONDS)
    expect(await world.advance(facts.run.id)).toMatchObject({ status: 'done', verdict: 'failed' })
    expect((await observationsOf(world, facts.run.id)).at(-1)).toBe(
      'failed: Salesforce refused: Phone is needed. Nothing was changed.',
    )
  })
})
