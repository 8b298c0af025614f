import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { ModelUnavailable, SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { PhaseFunction, PhaseOutcome, Salesforce, Store } from '../../../server/brain/domain/ports.ts'
import type { Trigger } from '../../../server/brain/domain/run.ts'
import { PHASES } from '../../../server/brain/domain/transitions.ts'
import { advanceRun, type RunnerDeps } from '../../../server/brain/missions/runner.ts'
import { startRun } from '../../../server/brain/missions/start-run.ts'
import { steerRun } from '../../../server/brain/missions/steer-run.ts'
import { checkpointKey, clock, ids, ORG_ID } from './databases.ts'
import { freshLead, someDecision, someMission } from './fixtures.ts'

type Phases = RunnerDeps['phases']
const on: PhaseFunction = () => Promise.resolve({ kind: 'next', result: null })
const done: PhaseFunction = () => Promise.resolve({ kind: 'finish', verdict: 'nothing to do', result: null })

const unavailable = (tool = 'getUserInfo') =>
  new SalesforceError(tool, { code: 'unavailable', message: 'gone', orgCode: null, retryable: true })

describe('a run', () => {
  let store: Store
  let close: () => Promise<void>
  let calls: string[] = []
  let answer: (tool: string) => Promise<unknown>

  beforeAll(async () => {
    const database = await openInMemory()
    close = database.close
    store = await openStore({
      pool: database.pool,
      orgId: ORG_ID,
      clock,
      ids,
      bodyKey: Buffer.alloc(32, 7),
      checkpointKey,
    })
    await store.transaction(async (tx) => {
      await tx.insertKnowledge({ name: 'policy', version: 1, title: 'Policy', source: '# Policy' })
      await tx.insertMission(someMission('tidy'))
      await tx.insertMission(someMission('rare', 1))
    })
  })
  afterAll(async () => {
    await store.close()
    await close()
  })
  beforeEach(() => {
    calls = []
    answer = () => Promise.resolve({ calls: 1 })
  })

  const salesforce: Salesforce = {
    call: (async (tool: string) => {
      calls.push(tool)
      return answer(tool)
    }) as Salesforce['call'],
  }
  const withPhases = (phases: Partial<Phases>): RunnerDeps => ({
    store,
    salesforce,
    clock,
    ids,
    every: () => () => {},
    phases: { ...(Object.fromEntries(PHASES.map((phase) => [phase, on])) as Phases), commit: done, ...phases },
  })
  const trigger = (recordId = freshLead(), idempotencyKey: string = ids.next()): Trigger => ({
    kind: 'change',
    change: 'Lead.created',
    subject: { object: 'Lead', id: recordId },
    scope: null,
    launcher: null,
    at: clock.now(),
    idempotencyKey,
  })
  const start = async (about = trigger()) =>
    (await startRun({ store, clock, ids }, { mission: 'tidy', trigger: about })).runId
  const said = async (id: string) =>
    (await store.observations(id, null, 50)).map(({ kind, text }) => `${kind}: ${text.map(String).join('')}`)
  const wakeUps = async (id: string) => (await store.dueOutbox(100)).filter(({ about }) => about === id).length
  const oneCall: PhaseFunction = async (context) => {
    const answered = await context.tool('who', 'getUserInfo', {}, () => [{ kind: 'read', text: ['Asked'] }])
    return { kind: 'next', result: { calls: answered.calls } }
  }

  it('walks its phases in order, hands results on, and ends with a verdict', async () => {
    const walked: string[] = []
    const note: PhaseFunction = (context) => {
      walked.push(context.run.phase)
      return Promise.resolve({ kind: 'next', result: { from: context.run.phase } })
    }
    const last: PhaseFunction = async (context) => {
      expect(context.result('read')).toEqual({ from: 'read' })
      expect((await context.knowledge('policy')).source).toBe('# Policy')
      return {
        kind: 'finish',
        verdict: 'verified',
        result: null,
        say: [{ kind: 'checked', text: ['All as proposed'] }],
      }
    }
    const id = await start()
    const phases = Object.fromEntries(PHASES.slice(0, -1).map((phase) => [phase, note]))
    expect(await advanceRun(withPhases({ ...phases, commit: last }), id)).toBe('done')
    expect(walked).toEqual(PHASES.slice(0, -1))
    expect(await store.run(id)).toMatchObject({ status: 'done', verdict: 'verified', phase: 'commit' })
    expect(await said(id)).toEqual(['checked: All as proposed'])
  })

  it('is started once for one trigger', async () => {
    const about = trigger()
    const results = await Promise.all(
      [1, 2, 3].map(() => startRun({ store, clock, ids }, { mission: 'tidy', trigger: about })),
    )
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(1)
    expect(results.filter(({ created }) => created)).toHaveLength(1)
  })

  it('takes a second trigger about its record up after it is done', async () => {
    const lead = freshLead()
    const id = await start(trigger(lead))
    const second = await startRun({ store, clock, ids }, { mission: 'tidy', trigger: trigger(lead) })
    expect(second).toEqual({ runId: id, created: false })
    await advanceRun(withPhases({}), id)
    const again = await store.openRunAbout('tidy', lead)
    expect(again).toMatchObject({ status: 'running', phase: 'trigger' })
    expect(again?.id).not.toBe(id)
    await advanceRun(withPhases({}), again?.id ?? '')
    expect(await store.openRunAbout('tidy', lead)).toBeNull()
  })

  it('is held until the next day when its mission reached its limit, and a person may bring it forward', async () => {
    const request = () => ({ mission: 'rare', trigger: trigger() })
    const first = await startRun({ store, clock, ids }, request())
    const second = await startRun({ store, clock, ids }, request())
    expect((await store.run(first.runId))?.status).toBe('running')
    const held = await store.run(second.runId)
    expect(held).toMatchObject({ status: 'held', reason: ['The mission’s limit of 1 runs a day is reached'] })
    expect(held?.nextTryAt).toMatch(/T00:00:00/)
    expect(await wakeUps(second.runId)).toBe(0)
    await steerRun({ store }, 'resume', second.runId)
    expect(await advanceRun(withPhases({}), second.runId)).toBe('done')
  })

  it('holds while Salesforce is away, says why and until when, and goes on at the same step', async () => {
    const id = await start()
    answer = () => Promise.reject(unavailable())
    expect(await advanceRun(withPhases({ read: oneCall }), id)).toBe('held')
    const held = await store.run(id)
    expect(held).toMatchObject({ status: 'held', phase: 'read', tries: 1, reason: ['Salesforce cannot be reached'] })
    expect(held?.nextTryAt).not.toBeNull()
    expect(await advanceRun(withPhases({ read: oneCall }), id)).toBe('held')
    expect((await store.run(id))?.tries).toBe(2)
    answer = () => Promise.resolve({ calls: 1 })
    expect(await advanceRun(withPhases({ read: oneCall }), id)).toBe('done')
    expect(await said(id)).toEqual([
      'waited: Salesforce cannot be reached; next try in 2 s',
      'waited: Salesforce cannot be reached; next try in 5 s',
      'read: Asked',
    ])
    expect((await store.run(id))?.apiCalls).toBe(1)
  })

  it('holds while the language model is away', async () => {
    const id = await start()
    const reason: PhaseFunction = () => Promise.reject(new ModelUnavailable('no answer'))
    expect(await advanceRun(withPhases({ reason }), id)).toBe('held')
    expect((await store.run(id))?.reason).toEqual(['The language model cannot be reached'])
  })

  it('fails on a refusal that waiting does not mend, and says that nothing was changed', async () => {
    const id = await start()
    const error = { code: 'refused' as const, message: 'secret value', orgCode: 'INVALID_FIELD', retryable: false }
    answer = () => Promise.reject(new SalesforceError('getUserInfo', error))
    expect(await advanceRun(withPhases({ read: oneCall }), id)).toBe('failed')
    expect(await store.run(id)).toMatchObject({ verdict: 'failed' })
    expect(await said(id)).toEqual([
      'failed: Salesforce refused getUserInfo: refused, INVALID_FIELD; nothing was changed',
    ])
  })

  it('answers from the journal after a crash, without a second call, also between two calls', async () => {
    const id = await start()
    let crash = true
    const read: PhaseFunction = async (context) => {
      const one = await context.tool('one', 'getUserInfo', {})
      if (crash) throw new Error('the process ended here')
      const two = await context.tool('two', 'getUserInfo', {})
      return { kind: 'next', result: [one, two] }
    }
    await advanceRun(withPhases({ read }), id)
    expect(calls).toHaveLength(1)
    crash = false
    expect(await advanceRun(withPhases({ read }), id)).toBe('done')
    expect(calls).toHaveLength(2)
    expect((await store.run(id))?.apiCalls).toBe(2)
  })

  it('asks again when the answer was lost before it was journalled, and counts it once', async () => {
    const id = await start()
    let losing = true
    const losingStore: Store = {
      ...store,
      transaction: (work) =>
        store.transaction((tx) =>
          work({
            ...tx,
            appendJournal: (entry) =>
              losing && entry.key === 'who' ? Promise.reject(new Error('killed')) : tx.appendJournal(entry),
          }),
        ),
    }
    const deps = withPhases({ read: oneCall })
    await advanceRun({ ...deps, store: losingStore }, id)
    expect((await store.journal(id)).map(({ key }) => key)).not.toContain('who')
    losing = false
    expect(await advanceRun(deps, id)).toBe('done')
    expect(calls).toHaveLength(2)
    expect((await store.run(id))?.apiCalls).toBe(1)
    expect((await said(id)).filter((line) => line === 'read: Asked')).toHaveLength(1)
  })

  it('holds for a person when a name was asked with another request', async () => {
    const id = await start()
    let request = { soql: 'a' }
    const asking: PhaseFunction = async (context) => {
      await context.ask('rows', request, () => Promise.resolve([]))
      if (request.soql === 'a') throw unavailable()
      return { kind: 'next', result: null }
    }
    await advanceRun(withPhases({ read: asking }), id)
    request = { soql: 'b' }
    expect(await advanceRun(withPhases({ read: asking }), id)).toBe('held')
    expect(await store.run(id)).toMatchObject({
      nextTryAt: null,
      reason: ['The journal holds another request under read/rows'],
    })
  })

  it('waits for a person with its decision stored, and goes on when woken', async () => {
    const id = await start()
    let approved = false
    const run = await store.run(id)
    if (!run) throw new Error('no run')
    const { decision, changeSet } = someDecision(run)
    const decide: PhaseFunction = (context) => {
      const waiting: PhaseOutcome = {
        kind: 'wait',
        for: 'person',
        key: 'asked',
        say: [{ kind: 'asked', text: ['Waiting for one person'] }],
        within: async (tx) => {
          if (await tx.decision(decision.id)) return
          await tx.insertDecision(decision, changeSet)
          await tx.updateRun(context.run.id, { decisionId: decision.id })
        },
      }
      return Promise.resolve(approved ? { kind: 'next', result: null } : waiting)
    }
    const deps = withPhases({ decide })
    expect(await advanceRun(deps, id)).toBe('waiting')
    expect(await advanceRun(deps, id)).toBe('waiting')
    expect(await store.run(id)).toMatchObject({ status: 'waiting', decisionId: decision.id })
    approved = true
    expect(await advanceRun(deps, id)).toBe('done')
    expect(await said(id)).toEqual(['asked: Waiting for one person'])
  })

  it('leaves nothing in memory while a timer runs: the wake-up is a row', async () => {
    const id = await start()
    let passed = false
    const commit: PhaseFunction = () =>
      Promise.resolve(
        passed
          ? { kind: 'finish', verdict: 'verified', result: null }
          : { kind: 'wait', for: 'timer', key: 'settle', dueInSeconds: 0 },
      )
    const before = await wakeUps(id)
    expect(await advanceRun(withPhases({ commit }), id)).toBe('running')
    expect(await wakeUps(id)).toBe(before + 1)
    passed = true
    expect(await advanceRun(withPhases({ commit }), id)).toBe('done')
  })

  it('leaves a wake-up behind when another worker has it', async () => {
    const id = await start()
    await store.lease(id, 'another', 60)
    expect(await advanceRun(withPhases({}), id)).toBe('busy')
    await store.release(id, 'another')
    expect(await advanceRun(withPhases({}), id)).toBe('done')
  })

  it('stops without writing when it was taken over', async () => {
    const id = await start()
    const read: PhaseFunction = async (context) => {
      await store.releaseAll()
      await store.lease(id, 'the next worker', 60)
      await context.tool('who', 'getUserInfo', {})
      return { kind: 'next', result: null }
    }
    expect(await advanceRun(withPhases({ read }), id)).toBe('gone')
    expect((await store.journal(id)).map(({ key }) => key)).toEqual(['result'])
  })

  it('stays paused, keeps what it learnt meanwhile, and goes on when resumed', async () => {
    const id = await start()
    let pausing = true
    const read: PhaseFunction = async (context) => {
      await context.ask('rows', null, async () => {
        if (pausing) await steerRun({ store }, 'pause', id)
        return ['row']
      })
      return { kind: 'next', result: null }
    }
    expect(await advanceRun(withPhases({ read }), id)).toBe('gone')
    expect((await store.run(id))?.status).toBe('paused')
    expect((await store.journal(id)).map(({ key }) => key)).toContain('rows')
    expect(await advanceRun(withPhases({ read }), id)).toBe('gone')
    pausing = false
    await steerRun({ store }, 'resume', id)
    expect(await advanceRun(withPhases({ read }), id)).toBe('done')
  })

  it('is cancelled together with its open decision, but not once it began to write', async () => {
    const id = await start()
    const run = await store.run(id)
    if (!run) throw new Error('no run')
    const { decision, changeSet } = someDecision(run)
    await store.transaction(async (tx) => {
      await tx.insertDecision(decision, changeSet)
      await tx.updateRun(id, { decisionId: decision.id })
    })
    await steerRun({ store }, 'cancel', id)
    expect(await store.decision(decision.id)).toMatchObject({ status: 'superseded' })
    const writing = await start()
    await store.transaction((tx) => tx.updateRun(writing, { phase: 'commit' }))
    await expect(steerRun({ store }, 'cancel', writing)).rejects.toThrow('begun to write')
  })

  it('opens its grant again when salesforce-mcp forgot it', async () => {
    const id = await start()
    let open = false
    answer = (tool) => {
      if (tool === 'openGrant') open = true
      if (open) return Promise.resolve({ calls: 1 })
      const error = { code: 'not-granted' as const, message: 'not opened', orgCode: null, retryable: false }
      return Promise.reject(new SalesforceError(tool, error))
    }
    expect(await advanceRun(withPhases({ read: oneCall }), id)).toBe('done')
    expect(calls).toEqual(['getUserInfo', 'openGrant', 'getUserInfo'])
    expect((await store.run(id))?.apiCalls).toBe(1)
  })

  it('computes the same from its journal as it did the first time', async () => {
    const id = await start()
    const seen: unknown[] = []
    answer = () => Promise.resolve({ calls: 1, name: 'Ünïcode', none: undefined, deep: { b: 1, a: [null, true] } })
    const read: PhaseFunction = async (context) => {
      seen.push(await context.tool('who', 'getUserInfo', {}), await context.now('read at'))
      return seen.length < 4 ? { kind: 'wait', for: 'person', key: 'once' } : { kind: 'next', result: null }
    }
    await advanceRun(withPhases({ read }), id)
    await advanceRun(withPhases({ read }), id)
    expect(seen.slice(2)).toEqual(seen.slice(0, 2))
    expect(JSON.stringify(seen[2])).toBe(JSON.stringify(seen[0]))
  })
})
