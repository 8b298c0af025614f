import { afterAll, beforeAll, beforeEach } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import type { LanguageModel } from '../../../server/brain/ports/model.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import type { Trigger } from '../../../server/brain/domain/run.ts'
import { PHASES } from '../../../server/brain/domain/transitions.ts'
import type { RunnerDeps } from '../../../server/brain/runs/runner.ts'
import { recordModel } from '../../../server/brain/runs/record-model.ts'
import { startRun } from '../../../server/brain/runs/start-run.ts'
import type { Pool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { WorkerLeases } from '../../../server/brain/runs/worker-leases.ts'
import { checkpointKey, clock, ids, ORG_ID } from './databases.ts'
import { freshLead, someMission } from './fixtures.ts'

type Phases = RunnerDeps['phases']
export const on: PhaseFunction = () => Promise.resolve({ kind: 'next', result: null })
const done: PhaseFunction = () => Promise.resolve({ kind: 'finish', verdict: 'nothing to do', result: null })

/** A store with two missions, `tidy` and `rare` (one run a day), and a Salesforce that answers as the test says. */
export class Running {
  store!: Store
  pool!: Pool
  /** Tools called since the test began. */
  calls: string[] = []
  model: LanguageModel | null = null
  answer: (tool: string) => Promise<unknown> = () => Promise.resolve({ calls: 1 })

  /** Sets the model, and records it as a start with these instructions does. */
  async useModel(model: LanguageModel, ...instructions: string[]): Promise<void> {
    this.model = model
    await recordModel(this.store, { model, instructions, by: 'test' })
  }

  readonly oneCall: PhaseFunction = async (context) => {
    const answered = await context.tool('who', 'getUserInfo', {}, () => [{ kind: 'read', text: ['Asked'] }])
    return { kind: 'next', result: { calls: answered.calls } }
  }

  /** Phases that are not named do nothing; the last finishes. */
  withPhases(phases: Partial<Phases>): RunnerDeps {
    const call = (tool: string) => {
      this.calls.push(tool)
      return this.answer(tool)
    }
    return {
      engine: 'of this test',
      store: this.store,
      salesforce: { call: call as Salesforce['call'] },
      model: this.model,
      clock,
      ids,
      leases: new WorkerLeases(this.store, ids.next()),
      every: () => () => {},
      phases: { ...(Object.fromEntries(PHASES.map((phase) => [phase, on])) as Phases), commit: done, ...phases },
    }
  }

  /** Installs its missions. */
  install(): Promise<void> {
    return this.store.transaction(async (tx) => {
      const origin = { origin: 'file policy.md', writer: 'test' }
      await tx.insertKnowledge({ name: 'policy', version: 1, title: 'Policy', source: '# Policy', ...origin })
      await tx.insertMission(someMission('tidy'))
      await tx.insertMission(someMission('rare', { perDay: 1 }))
    })
  }

  trigger(recordId = freshLead(), idempotencyKey: string = ids.next()): Trigger {
    const subject = { object: 'Lead', id: recordId }
    return {
      kind: 'change',
      change: 'Lead.created',
      subject,
      scope: null,
      launcher: null,
      at: clock.now(),
      idempotencyKey,
    }
  }

  deps() {
    return { store: this.store, clock, ids }
  }

  async start(about = this.trigger()): Promise<string> {
    return (await startRun(this.deps(), { mission: 'tidy', trigger: about })).runId
  }

  async said(id: string): Promise<string[]> {
    const observations = await this.store.observations(id, null, 50)
    return observations.map(({ kind, text }) => `${kind}: ${text.map(String).join('')}`)
  }

  /** How many wake-ups of a run became due since this was asked last. */
  async wakeUps(id: string): Promise<number> {
    const taken = await this.store.takeOutbox(100)
    await this.store.finishOutbox(taken.map((item) => item.id))
    return taken.filter(({ about }) => about === id).length
  }
}

/** Opens one for the tests of the surrounding block. */
export function useRunning(): Running {
  const running = new Running()
  let close: () => Promise<void>
  beforeAll(async () => {
    const { pool, close: closePool } = await openInMemory()
    close = closePool
    running.pool = pool
    running.store = await openStore({ pool, orgId: ORG_ID, clock, ids, bodyKey: Buffer.alloc(32, 7), checkpointKey })
    await running.install()
  })
  afterAll(async () => {
    await running.store.close()
    await close()
  })
  beforeEach(() => {
    running.calls = []
    running.model = null
    running.answer = () => Promise.resolve({ calls: 1 })
  })
  return running
}
