import { expect, it } from 'vitest'
import type { Queue } from '../../../server/brain/ports/outbox.ts'
import { startWorkers } from '../../../server/brain/jobs/workers.ts'
import { until } from '../../support/until.ts'
import { someDecision } from './fixtures.ts'
import { useRunning } from './running.ts'

const house = useRunning()

/** A queue that keeps what it is given, and works on nothing. */
function deafQueue() {
  const jobs: Parameters<Queue['enqueue']>[0][] = []
  return {
    jobs,
    enqueue: (job: (typeof jobs)[number]) => Promise.resolve(void jobs.push(job)),
    enqueueOnce: (job: (typeof jobs)[number]) => Promise.resolve(void jobs.push(job)),
    work: () => new Promise<void>(() => {}),
    drop: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

const workersOn = (queue: ReturnType<typeof deafQueue>, onError: (error: unknown) => void = () => {}) =>
  startWorkers({
    store: house.store,
    queue,
    runner: house.withPhases({}),
    retentionDays: null,
    eraseDeletedDays: null,
    onMissing: () => {},
    onStray: () => {},
    onError,
  })

it('workers that start take up what was approved although the job for it was dropped with the queue', async () => {
  const id = await house.start()
  await house.wakeUps(id)
  const run = await house.store.run(id)
  const { decision, changeSet } = someDecision(run!)
  await house.store.transaction(async (tx) => {
    await tx.insertDecision({ ...decision, status: 'approved' }, changeSet)
    await tx.updateRun(id, { status: 'waiting', decisionId: decision.id })
  })
  const queue = deafQueue()
  const workers = await workersOn(queue)
  expect(queue.jobs).toEqual([{ kind: 'advance-run', about: id }])
  workers.close()
})

it('workers start while the queue is away, and say so', async () => {
  const id = await house.start()
  const errors: unknown[] = []
  const away = () => Promise.reject(new Error('the queue is away'))
  const queue = { ...deafQueue(), enqueue: away, enqueueOnce: away }
  const workers = await workersOn(queue, (error) => errors.push(error))
  await until('both the sweep and the dispatcher met it', () => Promise.resolve(errors.length >= 2))
  workers.close()
  expect(await house.store.dueRuns()).toContain(id)
})
