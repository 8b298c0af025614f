// Every conflict is titled by what it is, so that a person who reads only the title knows what to do.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../../server/contract/problem.ts'
import { problemOf } from '../../../server/brain/http/requests/problems.ts'
import { IllegalTransition } from '../../../server/brain/domain/errors.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { LEAD } from '../decisions/acme.ts'
import { HOLD_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

let door: Door
let facts: LoadedDecision
beforeAll(async () => {
  door = await openDoor()
})
beforeEach(async () => {
  facts = await door.propose()
})

const LAUNCH = '/api/v1/missions/duplicate-account-reconciliation/runs'

async function conflictOf(response: Response): Promise<Pick<Problem, 'type' | 'title'>> {
  const { status, type, title } = (await response.json()) as Problem
  expect(status).toBe(409)
  return { type, title }
}

async function answer(verb: 'approve' | 'take-back'): Promise<Response> {
  const body = verb === 'approve' ? { digest: facts.changeSet.digest } : {}
  const decision = await door.token('admin', facts, verb)
  return door.post('admin', `/api/v1/decisions/${facts.decision.id}/${verb}`, { ...body, decision })
}

describe('a conflict', () => {
  it('names an Idempotency-Key that another launch used', async () => {
    const key = { 'idempotency-key': 'conflicting-launch' }
    const launch = (id: string) => door.post('manager', LAUNCH, { subject: { object: 'Lead', id } }, key)
    expect((await launch(LEAD)).status).toBe(201)
    expect(await conflictOf(await launch('00QAC0000000077'))).toEqual({
      type: 'urn:missions:problem:key-reused',
      title: 'Idempotency-Key already used',
    })
  })

  it('names a decision that is already answered, one that expired and one that is not yet approved', async () => {
    expect((await conflictOf(await answer('take-back'))).title).toBe('Not possible in this status')
    expect((await answer('approve')).status).toBe(200)
    expect((await conflictOf(await answer('approve'))).title).toBe('Already answered')
    facts = await door.propose()
    door.clock.pass(30 * 24 * 3600)
    expect((await conflictOf(await answer('approve'))).title).toBe('Expired')
  })

  it('names a write that has begun', async () => {
    expect((await answer('approve')).status).toBe(200)
    door.clock.pass(HOLD_SECONDS)
    expect((await conflictOf(await answer('take-back'))).title).toBe('Writing has begun')
  })

  it('names an undo of a decision that wrote nothing', async () => {
    const key = { 'idempotency-key': 'undo-of-nothing' }
    const path = `/api/v1/decisions/${facts.decision.id}/undo`
    const refused = await door.post('admin', path, { reason: 'Two companies' }, key)
    expect((await conflictOf(refused)).title).toBe('Cannot be undone')
  })

  it('names contents that are already erased, and a run that is still active', async () => {
    const erase = () => door.post('admin', '/api/v1/erasures', { reason: 'Asked for', run: facts.run.id })
    await door.store.transaction((tx) => tx.updateRun(facts.run.id, { status: 'running' }))
    expect((await conflictOf(await erase())).title).toBe('A run is active')
    await door.store.transaction((tx) => tx.updateRun(facts.run.id, { status: 'waiting' }))
    expect((await erase()).status).toBe(201)
    expect((await conflictOf(await erase())).title).toBe('Already erased')
  })

  it('names a version that is already active', async () => {
    const path = '/api/v1/missions/duplicate-account-reconciliation/activate'
    const body = { version: 1, decision: await door.token('admin', facts, 'approve') }
    const refused = await door.post('admin', path, body)
    expect((await conflictOf(refused)).title).toBe('Already active')
  })

  it('names a change of status that the tables of transitions do not hold', async () => {
    expect((await conflictOf(await door.post('admin', `/api/v1/runs/${facts.run.id}/resume`))).title).toBe(
      'Not possible in this status',
    )
    expect(problemOf(new IllegalTransition('run', 'done', 'running'))).toMatchObject({
      status: 409,
      title: 'Not possible in this status',
    })
  })
})
