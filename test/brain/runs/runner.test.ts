import { describe, expect, it } from 'vitest'
import { ModelUnavailable, SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import type { PhaseFunction, PhaseOutcome } from '../../../server/brain/runs/phase.ts'
import { PHASES } from '../../../server/brain/domain/transitions.ts'
import { advanceRun } from '../../../server/brain/runs/runner.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import { steerRun } from '../../../server/brain/runs/steer-run.ts'
import { clock, ids } from '../store/databases.ts'
import { freshLead, someDecision } from '../store/fixtures.ts'
import { on, useRunning } from '../store/running.ts'

const unavailable = (tool = 'getUserInfo') =>
  new SalesforceError(tool, { code: 'unavailable', message: 'gone', orgCode: null, retryable: true })

describe('a run', () => {
  const house = useRunning()

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
    const id = await house.start()
    const phases = Object.fromEntries(PHASES.slice(0, -1).map((phase) => [phase, note]))
    expect(await advanceRun(house.withPhases({ ...phases, commit: last }), id)).toBe('done')
    expect(walked).toEqual(PHASES.slice(0, -1))
    expect(await house.store.run(id)).toMatchObject({ status: 'done', verdict: 'verified', phase: 'commit' })
    expect(await house.said(id)).toEqual(['checked: All as proposed'])
  })

  it('is started once for one trigger', async () => {
    const about = house.trigger()
    const results = await Promise.all(
      [1, 2, 3].map(() => startRun({ store: house.store, clock, ids }, { mission: 'tidy', trigger: about })),
    )
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(1)
    expect(results.filter(({ created }) => created)).toHaveLength(1)
  })

  it.each([
    ['done', on],
    ['failed', () => Promise.reject(new TypeError('a mistake'))],
  ])('takes a second trigger about its record up after it is %s', async (end, read) => {
    const lead = freshLead()
    const id = await house.start(house.trigger(lead))
    const readAfterOther: PhaseFunction = async (context) => {
      expect(await house.start(house.trigger(lead))).toBe(id)
      return read(context)
    }
    expect(await advanceRun(house.withPhases({ read: readAfterOther }), id)).toBe(end)
    const again = await house.store.openRunAbout('tidy', lead)
    expect(again).toMatchObject({ status: 'running', phase: 'trigger' })
    expect(await advanceRun(house.withPhases({}), again?.id ?? '')).toBe('done')
  })

  it('finds by itself what changed of its record before it read anything', async () => {
    const lead = freshLead()
    const id = await house.start(house.trigger(lead))
    expect(await house.start(house.trigger(lead))).toBe(id)
    expect(await advanceRun(house.withPhases({}), id)).toBe('done')
    expect(await house.store.openRunAbout('tidy', lead)).toBeNull()
  })

  it('is held until the next day when its mission reached its limit, and a person may bring it forward', async () => {
    const request = () => ({ mission: 'rare', trigger: house.trigger() })
    const first = await startRun({ store: house.store, clock, ids }, request())
    const second = await startRun({ store: house.store, clock, ids }, request())
    expect((await house.store.run(first.runId))?.status).toBe('running')
    const held = await house.store.run(second.runId)
    expect(held).toMatchObject({ status: 'held', reason: ['The mission’s limit of 1 runs a day is reached'] })
    expect(held?.nextTryAt).toMatch(/T00:00:00/)
    expect(await house.wakeUps(second.runId)).toBe(0)
    await steerRun({ store: house.store }, 'resume', second.runId)
    expect(await advanceRun(house.withPhases({}), second.runId)).toBe('done')
  })

  it('holds while Salesforce is away, says why and until when, and goes on at the same step', async () => {
    const id = await house.start()
    house.answer = () => Promise.reject(unavailable())
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('held')
    const held = await house.store.run(id)
    expect(held).toMatchObject({ status: 'held', phase: 'read', tries: 1, reason: ['Salesforce cannot be reached'] })
    expect(held?.nextTryAt).not.toBeNull()
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('held')
    expect((await house.store.run(id))?.tries).toBe(2)
    house.answer = () => Promise.resolve({ calls: 1 })
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('done')
    expect(await house.said(id)).toEqual([
      'waited: Salesforce cannot be reached; next try in 2 s',
      // A fifth more or less, by the run.
      expect.stringMatching(/^waited: Salesforce cannot be reached; next try in [4-6] s$/),
      'read: Asked',
    ])
    expect((await house.store.run(id))?.apiCalls).toBe(1)
  })

  it('holds while the language model is away', async () => {
    const id = await house.start()
    const reason: PhaseFunction = () => Promise.reject(new ModelUnavailable('no answer'))
    expect(await advanceRun(house.withPhases({ reason }), id)).toBe('held')
    expect((await house.store.run(id))?.reason).toEqual(['The language model cannot be reached'])
  })

  it('fails on a refusal that waiting does not mend, and says that nothing was changed', async () => {
    const id = await house.start()
    const error = { code: 'refused' as const, message: 'secret value', orgCode: 'INVALID_FIELD', retryable: false }
    house.answer = () => Promise.reject(new SalesforceError('getUserInfo', error))
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('failed')
    expect(await house.store.run(id)).toMatchObject({ verdict: 'failed' })
    expect(await house.said(id)).toEqual([
      'failed: Salesforce refused getUserInfo: refused, INVALID_FIELD; nothing was changed',
    ])
  })

  it('answers from the journal after a crash, without a second call, also between two calls', async () => {
    const id = await house.start()
    let crash = true
    const read: PhaseFunction = async (context) => {
      const one = await context.tool('one', 'getUserInfo', {})
      if (crash) throw new Error('the process ended here')
      const two = await context.tool('two', 'getUserInfo', {})
      return { kind: 'next', result: [one, two] }
    }
    await advanceRun(house.withPhases({ read }), id)
    expect(house.calls).toHaveLength(1)
    crash = false
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('done')
    expect(house.calls).toHaveLength(2)
    expect((await house.store.run(id))?.apiCalls).toBe(2)
  })

  it('asks again when the answer was lost before it was journalled, and counts it once', async () => {
    const id = await house.start()
    let losing = true
    const losingStore: Store = {
      ...house.store,
      transaction: (work) =>
        house.store.transaction((tx) =>
          work({
            ...tx,
            appendJournal: (entry) =>
              losing && entry.key === 'who' ? Promise.reject(new Error('killed')) : tx.appendJournal(entry),
          }),
        ),
    }
    const deps = house.withPhases({ read: house.oneCall })
    await advanceRun({ ...deps, store: losingStore }, id)
    expect((await house.store.journal(id)).map(({ key }) => key)).not.toContain('who')
    losing = false
    expect(await advanceRun(deps, id)).toBe('done')
    expect(house.calls).toHaveLength(2)
    expect((await house.store.run(id))?.apiCalls).toBe(1)
    expect((await house.said(id)).filter((line) => line === 'read: Asked')).toHaveLength(1)
  })

  it('holds for a person when a name was asked with another request', async () => {
    const id = await house.start()
    let request = { soql: 'a' }
    const asking: PhaseFunction = async (context) => {
      await context.ask('rows', request, () => Promise.resolve([]))
      if (request.soql === 'a') throw unavailable()
      return { kind: 'next', result: null }
    }
    await advanceRun(house.withPhases({ read: asking }), id)
    request = { soql: 'b' }
    expect(await advanceRun(house.withPhases({ read: asking }), id)).toBe('held')
    expect(await house.store.run(id)).toMatchObject({
      nextTryAt: null,
      reason: ['The journal holds another request under read/rows'],
    })
  })

  it('waits for a person with its decision stored, and goes on when woken', async () => {
    const id = await house.start()
    let approved = false
    const run = await house.store.run(id)
    if (!run) throw new Error('no run')
    const { decision, changeSet } = someDecision(run)
    const decide: PhaseFunction = (context) => {
      const waiting: PhaseOutcome = {
        kind: 'wait',
        for: 'person',
        key: 'asked',
        say: [{ kind: 'asked', text: ['Waiting for one person'] }],
        within: async (tx) => {
          if (context.run.decisionId) return
          await tx.insertDecision(decision, changeSet)
          await tx.updateRun(context.run.id, { decisionId: decision.id })
        },
      }
      return Promise.resolve(approved ? { kind: 'next', result: null } : waiting)
    }
    const deps = house.withPhases({ decide })
    expect(await advanceRun(deps, id)).toBe('waiting')
    expect(await advanceRun(deps, id)).toBe('waiting')
    expect(await house.store.run(id)).toMatchObject({ status: 'waiting', decisionId: decision.id })
    approved = true
    expect(await advanceRun(deps, id)).toBe('done')
    expect(await house.said(id)).toEqual(['asked: Waiting for one person'])
  })

  it('leaves nothing in memory while a timer runs: the wake-up is a row', async () => {
    const id = await house.start()
    let passed = false
    const commit: PhaseFunction = () =>
      Promise.resolve(
        passed
          ? { kind: 'finish', verdict: 'verified', result: null }
          : { kind: 'wait', for: 'timer', key: 'settle', dueInSeconds: 0 },
      )
    expect(await house.wakeUps(id)).toBe(1)
    expect(await advanceRun(house.withPhases({ commit }), id)).toBe('running')
    expect(await house.wakeUps(id)).toBe(1)
    passed = true
    expect(await advanceRun(house.withPhases({ commit }), id)).toBe('done')
  })

  it('leaves a wake-up behind when another worker has it', async () => {
    const id = await house.start()
    await house.store.lease(id, 'another', 60)
    expect(await advanceRun(house.withPhases({}), id)).toBe('busy')
    await house.store.release(id, 'another')
    expect(await advanceRun(house.withPhases({}), id)).toBe('done')
  })

  it('stops without writing when it was taken over', async () => {
    const id = await house.start()
    const read: PhaseFunction = async (context) => {
      await house.store.releaseAll()
      await house.store.lease(id, 'the next worker', 60)
      await context.tool('who', 'getUserInfo', {})
      return { kind: 'next', result: null }
    }
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('gone')
    expect((await house.store.journal(id)).map(({ key }) => key)).toEqual(['result'])
  })

  it('stays paused, keeps what it learnt meanwhile, and goes on when resumed', async () => {
    const id = await house.start()
    let pausing = true
    const read: PhaseFunction = async (context) => {
      await context.ask('rows', null, async () => {
        if (pausing) await steerRun({ store: house.store }, 'pause', id)
        return ['row']
      })
      return { kind: 'next', result: null }
    }
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('gone')
    expect((await house.store.run(id))?.status).toBe('paused')
    expect((await house.store.journal(id)).map(({ key }) => key)).toContain('rows')
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('gone')
    pausing = false
    await steerRun({ store: house.store }, 'resume', id)
    expect(await advanceRun(house.withPhases({ read }), id)).toBe('done')
  })

  it('is cancelled together with its open decision, but not once it began to write', async () => {
    const id = await house.start()
    const run = await house.store.run(id)
    if (!run) throw new Error('no run')
    const { decision, changeSet } = someDecision(run)
    await house.store.transaction(async (tx) => {
      await tx.insertDecision(decision, changeSet)
      await tx.updateRun(id, { decisionId: decision.id })
    })
    await steerRun({ store: house.store }, 'cancel', id)
    expect(await house.store.decision(decision.id)).toMatchObject({ status: 'superseded' })
    const writing = await house.start()
    await house.store.transaction((tx) => tx.updateRun(writing, { phase: 'commit' }))
    await expect(steerRun({ store: house.store }, 'cancel', writing)).rejects.toThrow('begun to write')
  })

  it('opens its grant again when salesforce-mcp forgot it', async () => {
    const id = await house.start()
    let open = false
    house.answer = (tool) => {
      if (tool === 'openGrant') open = true
      if (open) return Promise.resolve({ calls: 1 })
      const error = { code: 'not-granted' as const, message: 'not opened', orgCode: null, retryable: false }
      return Promise.reject(new SalesforceError(tool, error))
    }
    expect(await advanceRun(house.withPhases({ read: house.oneCall }), id)).toBe('done')
    expect(house.calls).toEqual(['getUserInfo', 'openGrant', 'getUserInfo'])
    expect((await house.store.run(id))?.apiCalls).toBe(1)
  })

  it('computes the same from its journal as it did the first time', async () => {
    const id = await house.start()
    const seen: unknown[] = []
    house.answer = () =>
      Promise.resolve({ calls: 1, name: 'Ünïcode', none: undefined, deep: { b: 1, a: [null, true] } })
    const read: PhaseFunction = async (context) => {
      seen.push(await context.tool('who', 'getUserInfo', {}), await context.now('read at'))
      return seen.length < 4 ? { kind: 'wait', for: 'person', key: 'once' } : { kind: 'next', result: null }
    }
    await advanceRun(house.withPhases({ read }), id)
    await advanceRun(house.withPhases({ read }), id)
    expect(seen.slice(2)).toEqual(seen.slice(0, 2))
    expect(JSON.stringify(seen[2])).toBe(JSON.stringify(seen[0]))
  })
})
