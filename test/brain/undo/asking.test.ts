import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DecisionView, RunView } from '../../../server/contract/http.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { render } from '../../../server/brain/domain/phrase.ts'
import type { Verdict } from '../../../server/contract/states.ts'
import { acmeProposal, CORP, INC, LEAD, TASK, USERS } from '../decisions/acme.ts'
import { outcome } from '../decisions/fake-salesforce.ts'
import { HOLD_SECONDS, SETTLE_SECONDS, type Who } from '../decisions/world.ts'
import { openDoor, type Door } from '../http/server.ts'

let door: Door

beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => {
  door.salesforce.answers = {}
  door.salesforce.drift = []
  door.salesforce.values.clear()
  door.salesforce.hidden.clear()
  // Sights are remembered for five minutes.
  door.clock.pass(301)
})

let keys = 0
const ask = (
  who: Who,
  decisionId: string,
  { reason = 'They are two companies', key = `undo-key-${(keys += 1)}` } = {},
) => door.post(who, `/api/v1/decisions/${decisionId}/undo`, { reason }, { 'idempotency-key': key })

const decide = async (facts: LoadedDecision, verb: 'approve' | 'reject', who: Who) =>
  door.post(who, `/api/v1/decisions/${facts.decision.id}/${verb}`, {
    ...(verb === 'approve' ? { digest: facts.changeSet.digest } : { reason: 'not-now' }),
    decision: await door.token(who, facts, verb),
  })

/** Approves, passes hold and settle time, and gives the verdict. */
async function commit(facts: LoadedDecision, who: Who = 'admin'): Promise<Verdict | null> {
  const approved = await decide(facts, 'approve', who)
  expect(approved.status, await approved.clone().text()).toBe(200)
  door.clock.pass(HOLD_SECONDS)
  await door.advance(facts.run.id)
  door.clock.pass(SETTLE_SECONDS)
  return (await door.advance(facts.run.id)).verdict
}

async function written(): Promise<LoadedDecision> {
  const facts = await door.propose()
  expect(await commit(facts)).toBe('verified')
  return facts
}

/** Asks for the undo and walks it to its decision. */
async function undoOf(decisionId: string, who: Who = 'second'): Promise<LoadedDecision> {
  const response = await ask(who, decisionId)
  expect(response.status, await response.clone().text()).toBe(201)
  const { runId } = (await response.json()) as { runId: string }
  const run = await door.advance(runId)
  expect(run.decisionId, (await said(runId)).join('\n')).not.toBeNull()
  return door.facts(run.decisionId ?? '')
}

const all = { record: () => true, field: () => true }
const said = async (runId: string) =>
  (await door.store.observations(runId, null, 100)).map(({ text }) => render(text, all))
const runView = (id: string) => door.json<RunView>('admin', `/api/v1/runs/${id}`)
const view = (id: string) => door.json<DecisionView>('admin', `/api/v1/decisions/${id}`)

describe('asking for an undo', () => {
  it('is refused before anything was written, after a rejection, and while another run is about the record', async () => {
    const facts = await door.propose()
    expect((await ask('admin', facts.decision.id)).status).toBe(409)
    expect((await view(facts.decision.id)).undo).toMatchObject({ possible: false })
    await decide(facts, 'reject', 'admin')
    await door.advance(facts.run.id)
    expect((await ask('admin', facts.decision.id)).status).toBe(409)
    const done = await written()
    await door.propose()
    expect(await (await ask('admin', done.decision.id)).json()).toMatchObject({
      status: 409,
      detail: 'Another run about this record is open: wait for it, or cancel it first.',
    })
  })

  it('wants a permission it names, access of the record, a reason and a key', async () => {
    const { decision } = await written()
    expect(await (await ask('rep', decision.id)).json()).toMatchObject({
      status: 403,
      missing: 'Decide_Missions or Launch_Missions or Administer_Missions',
    })
    door.salesforce.hide(USERS.second, LEAD)
    door.clock.pass(301)
    expect((await ask('second', decision.id)).status).toBe(404)
    expect((await ask('admin', decision.id, { reason: '  ' })).status).toBe(400)
    expect((await ask('admin', decision.id, { key: 'short' })).status).toBe(400)
  })

  it('gives one run per key, and one open undo per decision', async () => {
    const { decision } = await written()
    const key = 'the-same-key-twice'
    const first = (await (await ask('manager', decision.id, { key })).json()) as { runId: string }
    expect(await (await ask('manager', decision.id, { key })).json()).toEqual(first)
    expect((await ask('manager', decision.id, { key, reason: 'another' })).status).toBe(409)
    expect((await ask('admin', decision.id)).status).toBe(409)
    expect((await view(decision.id)).undo).toMatchObject({
      possible: false,
      why: 'An undo of this is open already.',
      runId: first.runId,
    })
    const both = await Promise.all([ask('admin', decision.id), ask('second', decision.id)])
    expect(both.map(({ status }) => status)).toEqual([409, 409])
  })

  it('may be done again once the last undo was rejected', async () => {
    const { decision } = await written()
    const undo = await undoOf(decision.id)
    await decide(undo, 'reject', 'admin')
    expect((await door.advance(undo.run.id)).verdict).toBe('rejected')
    expect((await view(decision.id)).undo.possible).toBe(true)
    expect((await ask('second', decision.id)).status).toBe(201)
  })
})

describe('an undo', () => {
  it('is a proposal like any other: read now, sealed, and not approved by who asked for it', async () => {
    const facts = await written()
    const undo = await undoOf(facts.decision.id)
    expect(undo.changeSet.proposal.operations).toEqual([
      expect.objectContaining({ kind: 'update', object: 'Lead', id: LEAD }),
      expect.objectContaining({ kind: 'update', object: 'Account', id: CORP }),
      expect.objectContaining({ kind: 'changeOwner', id: LEAD, from: USERS.priya, to: USERS.dana }),
      { kind: 'undelete', object: 'Account', id: INC, mergedInto: CORP },
    ])
    expect(undo.changeSet.proposal.gate).toEqual({ lines: [0], rosters: [{ needs: 1, from: 'group:RevOps' }] })
    expect((await view(undo.decision.id)).undoes).toMatchObject({ decisionId: facts.decision.id, runId: facts.run.id })
    expect(await (await decide(undo, 'approve', 'second')).json()).toMatchObject({ missing: 'a second person' })
    expect(await commit(undo)).toBe('verified')
    expect((await runView(facts.run.id)).verdict).toBe('undone')
    expect(door.salesforce.values.get(CORP)?.values).toMatchObject({ Phone: null, BillingCity: 'Boston' })
    expect((await ask('admin', facts.decision.id)).status).toBe(409)
  })

  it('says each thing that stays', async () => {
    const { decision } = await written()
    const undo = await undoOf(decision.id)
    expect(await said(undo.run.id)).toEqual(
      expect.arrayContaining([
        'Undo was asked for: They are two companies',
        'Moved and not moved back: 1 Opportunity record; this mission may not move them back',
        'Task was created and stays: this mission may not delete it',
      ]),
    )
  })

  it('tells nobody of a field that is hidden from them', async () => {
    const { decision } = await written()
    const undo = await undoOf(decision.id)
    expect(JSON.stringify(await view(undo.decision.id))).toContain('Annual Revenue of Acme Corp still holds')
    door.salesforce.hide(USERS.rep, 'Account.AnnualRevenue')
    door.clock.pass(301)
    const seen = await door.json<DecisionView>('rep', `/api/v1/decisions/${undo.decision.id}`)
    expect(JSON.stringify(seen)).not.toMatch(/Annual ?Revenue of|2500000/)
    expect(seen.undo).toMatchObject({ possible: false })
  })

  it('asks for as many people as the decision it puts back', async () => {
    const gate = { lines: [0], rosters: [{ needs: 2, from: 'group:RevOps' }] }
    const facts = await door.propose(acmeProposal({ gate }))
    await decide(facts, 'approve', 'second')
    expect(await commit(facts)).toBe('verified')
    expect((await undoOf(facts.decision.id, 'manager')).changeSet.gate).toEqual(gate)
  })

  it('leaves alone what changes while it waits, and asks again for the rest', async () => {
    const { decision } = await written()
    const undo = await undoOf(decision.id)
    const drift = {
      object: 'Account',
      id: CORP,
      field: 'Phone',
      was: '+1 617 555 0100',
      now: '+1 617 555 0111',
      by: USERS.rep,
      at: door.clock.now(),
    }
    door.salesforce.drift = [drift]
    await decide(undo, 'approve', 'admin')
    door.clock.pass(HOLD_SECONDS)
    await door.advance(undo.run.id)
    const next = await door.facts(undo.decision.id)
    expect([next.decision.status, next.changeSet.version]).toEqual(['open', 2])
    const account = next.changeSet.proposal.operations.find((op) => op.kind === 'update' && op.id === CORP)
    expect(Object.keys(account && 'fields' in account ? account.fields : {}).sort()).toEqual([
      'AnnualRevenue',
      'BillingCity',
    ])
  })

  it('ends with nothing to do when somebody has put it all back by hand', async () => {
    const facts = await written()
    const before = facts.changeSet.proposal.before
    for (const [id, object] of [
      [LEAD, 'Lead'],
      [CORP, 'Account'],
    ] as const)
      door.salesforce.set(object, id, before[id] ?? {})
    door.salesforce.set('Task', TASK, { IsDeleted: true })
    door.salesforce.set('Account', INC, { IsDeleted: false, MasterRecordId: null })
    const { runId } = (await (await ask('admin', facts.decision.id)).json()) as { runId: string }
    expect(await door.advance(runId)).toMatchObject({ status: 'done', verdict: 'nothing to do', decisionId: null })
    expect((await runView(facts.run.id)).verdict).toBe('verified')
  })

  it('can be undone itself: then the first change holds again, and the chain is told', async () => {
    const facts = await written()
    const undo = await undoOf(facts.decision.id)
    await commit(undo)
    const redo = await undoOf(undo.decision.id)
    expect(await commit(redo)).toBe('verified')
    const verdicts = await Promise.all([facts, undo, redo].map(async ({ run }) => (await runView(run.id)).verdict))
    expect(verdicts).toEqual(['verified', 'undone', 'verified'])
    const third = await undoOf(redo.decision.id)
    expect(await commit(third)).toBe('verified')
    expect((await runView(facts.run.id)).verdict).toBe('undone')
    expect((await runView(undo.run.id)).verdict).toBe('verified')
    const { items } = await door.json<{
      items: { runId: string; undone: { askedBy: string; approvedBy: string[] } | null }[]
    }>('admin', `/api/v1/records/${CORP}/rationale`)
    expect(items.find(({ runId }) => runId === facts.run.id)?.undone).toMatchObject({ approvedBy: ['Ada Admin'] })
    expect(items.find(({ runId }) => runId === undo.run.id)?.undone).toBeNull()
  })

  it('remembers a trigger that came meanwhile, and starts the mission again, not the undo', async () => {
    const facts = await written()
    const undo = await undoOf(facts.decision.id)
    await door.store.transaction((tx) => tx.updateRun(undo.run.id, { retrigger: true }))
    expect(await commit(undo)).toBe('verified')
    const again = await door.store.openRunAbout(undo.run.mission, LEAD)
    expect(again?.trigger).toMatchObject({ kind: 'catch-up', launcher: null })
    expect(again?.trigger.undo).toBeUndefined()
  })
})

describe('after a partial failure', () => {
  it('the way back is proposed by itself, covers exactly what stands, and waits for a person', async () => {
    const facts = await door.propose()
    await decide(facts, 'approve', 'admin')
    door.salesforce.write(facts.changeSet.proposal.operations.slice(0, 3))
    const error = { code: 'MERGE_FAILED', message: 'Circular hierarchy', fields: [] }
    const first = { ...outcome(1, 'composite', 'written'), created: { followUp: TASK } }
    const transactions = [first, outcome(2, 'owners', 'written'), outcome(3, 'merge', 'refused', error)]
    door.salesforce.answers = {
      commitChangeSet: () => ({
        digest: facts.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        transactions,
        calls: 4,
      }),
    }
    door.clock.pass(HOLD_SECONDS)
    expect((await door.advance(facts.run.id)).verdict).toBe('partly')
    door.salesforce.answers = {}
    expect(await said(facts.run.id)).toContain('The way back is ready: undo puts back 1 value and 1 owner')
    const sentence = "Undo: partial. Puts back 1 value and 1 owner. Won't come back: the new Task, which stays."
    expect((await view(facts.decision.id)).undo).toMatchObject({ class: 'partial', sentence, possible: false })
    const { items } = await door.json<{ items: { runId: string; undo: DecisionView['undo'] }[] }>(
      'admin',
      `/api/v1/records/${LEAD}/rationale`,
    )
    expect(items.find(({ runId }) => runId === facts.run.id)?.undo).toMatchObject({ sentence, possible: false })
    const started = (await door.store.run(facts.run.id))?.undo?.runId ?? ''
    expect((await door.store.run(started))?.trigger).toMatchObject({ kind: 'undo', launcher: null })
    const { decisionId } = await door.advance(started)
    const undo = await door.facts(decisionId ?? '')
    expect(undo.decision.status).toBe('open')
    const touched = undo.changeSet.proposal.operations.map((op) => ('id' in op ? [op.kind, op.id] : []))
    expect(touched).toEqual([
      ['update', LEAD],
      ['changeOwner', LEAD],
    ])
    expect(JSON.stringify(undo.changeSet.proposal.operations)).not.toContain(INC)
    expect(await commit(undo)).toBe('verified')
    expect((await runView(facts.run.id)).verdict).toBe('undone')
    const after = await door.json<{ items: { runId: string; undone: { askedBy: string } | null }[] }>(
      'admin',
      `/api/v1/records/${LEAD}/rationale`,
    )
    expect(after.items.find(({ runId }) => runId === facts.run.id)?.undone?.askedBy).toBe('Missions')
  })

  it('of an undo, no further undo is proposed by itself', async () => {
    const undo = await undoOf((await written()).decision.id)
    await decide(undo, 'approve', 'admin')
    const refusal = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no', fields: [] }
    door.salesforce.answers = {
      commitChangeSet: () => ({
        digest: undo.changeSet.digest,
        drift: [],
        gate: null,
        lapsed: [],
        transactions: [outcome(1, 'composite', 'written'), outcome(2, 'owners', 'refused', refusal)],
        calls: 2,
      }),
    }
    door.clock.pass(HOLD_SECONDS)
    expect((await door.advance(undo.run.id)).verdict).toBe('partly')
    door.salesforce.answers = {}
    expect((await door.store.run(undo.run.id))?.undo).toBeUndefined()
  })
})
