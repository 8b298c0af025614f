import { z } from 'zod'
import { WRITES_SETTING } from '../../decisions/commit/commit.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { route } from '../requests/route.ts'

const Switch = z.object({
  /** The brain's own switch: while it is stopped, no run begins to write. */
  stopped: z.boolean(),
  /** The switch of salesforce-mcp, which every write passes; null when it does not answer. */
  salesforceMcpStopped: z.boolean().nullable(),
  /** Runs that were writing when the switch was set: they are finished, read back and listed. */
  finishing: z.array(z.string()),
})

const MOST_RUNS = 1_000

async function finishing({ store }: RouteContext): Promise<string[]> {
  const running = await store.runs({ status: 'running', limit: MOST_RUNS })
  return running.filter(({ phase }) => phase === 'commit').map(({ id }) => id)
}

const isStoppedThere = async ({ salesforceSwitch }: RouteContext): Promise<boolean | null> =>
  (await salesforceSwitch?.isStopped()) ?? null

export const getWrites = route({
  method: 'get',
  path: '/api/v1/writes',
  summary: 'Whether all writes are stopped, in the brain and in salesforce-mcp',
  answers: Switch,
  async handle(doors) {
    const stopped = (await doors.store.setting(WRITES_SETTING)) === 'stopped'
    return {
      stopped,
      salesforceMcpStopped: await isStoppedThere(doors),
      finishing: stopped ? await finishing(doors) : [],
    }
  },
})

export const stopWrites = route({
  method: 'post',
  path: '/api/v1/writes/stop',
  summary: 'Stops all writes at once, for everyone',
  needs: ['Administer_Missions'],
  answers: Switch,
  async handle(doors, { caller }) {
    await doors.store.transaction((tx) => tx.setSetting(WRITES_SETTING, 'stopped'))
    await doors.salesforceSwitch?.set(true)
    doors.log.warn({ userId: caller.userId }, 'all writes stopped')
    return { stopped: true, salesforceMcpStopped: await isStoppedThere(doors), finishing: await finishing(doors) }
  },
})

export const startWrites = route({
  method: 'post',
  path: '/api/v1/writes/start',
  summary: 'Allows writes again; runs held by the switch go on',
  needs: ['Administer_Missions'],
  answers: Switch,
  async handle(doors, { caller }) {
    await doors.salesforceSwitch?.set(false)
    const held = await doors.store.runs({ status: 'held', limit: MOST_RUNS })
    await doors.store.transaction(async (tx) => {
      await tx.setSetting(WRITES_SETTING, 'allowed')
      for (const { id, phase } of held)
        if (phase === 'commit') await tx.addOutbox({ kind: 'advance-run', about: id, dueInSeconds: 0 })
    })
    doors.log.warn({ userId: caller.userId }, 'writes allowed again')
    return { stopped: false, salesforceMcpStopped: await isStoppedThere(doors), finishing: [] }
  },
})
