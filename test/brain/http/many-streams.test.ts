import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { recordId18 } from '../../../server/brain/domain/record-id.ts'
import { storePool } from '../../../server/brain/adapters/postgres/session/pools.ts'
import { startPostgres } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { openWorld } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

/** `STREAMS=10000` tries what one machine is to serve; the rest of the test is the same. */
const STREAMS = z.coerce
  .number()
  .int()
  .min(10)
  .parse(process.env.STREAMS ?? 300)
const STREAMS_OF_ONE_USER = 10
const ROUNDS = 8
const EVENTS_OF_A_ROUND = 5
const EVENTS = ROUNDS * EVENTS_OF_A_ROUND
const SHARE_CUT = 0.25

const CLIENTS = fileURLToPath(new URL('stream-clients.ts', import.meta.url))
const Report = z.object({ readers: z.number(), least: z.number(), most: z.number(), again: z.number() })
type Report = z.infer<typeof Report>

const server = await startPostgres()
afterAll(() => server?.stop())

/** Readers in a process of their own, for its sockets count apart; each order answers with what all have heard so far. */
async function startClients(door: Door) {
  const users = Array.from({ length: Math.ceil(STREAMS / STREAMS_OF_ONE_USER) }, (_, n) =>
    recordId18(`005${String(n).padStart(12, '0')}`),
  )
  const tokens = await Promise.all(users.map((sub) => door.session('admin', { sub })))
  const child = spawn(process.execPath, [CLIENTS, door.url, String(STREAMS_OF_ONE_USER), ...tokens], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  afterAll(() => void child.kill())
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async (order: object): Promise<Report> => {
    child.stdin.write(`${JSON.stringify(order)}\n`)
    return Report.parse(JSON.parse(String((await lines.next()).value)))
  }
}

it.skipIf(!server)(
  `${STREAMS} streams that are cut off again and again hear every event once`,
  async () => {
    const pool = storePool(server!.url, () => undefined)
    const { world, close } = await openWorld({ database: { pool, close: () => pool.end() } })
    afterAll(close)
    const door = await openDoor({}, undefined, world)
    const { run } = await door.propose()
    const order = await startClients(door)
    expect(await order({ order: 'open' })).toMatchObject({ least: 0, most: 0 })

    const say = (key: string) =>
      door.store.transaction((tx) => tx.observe(run.id, 'read', key, [{ kind: 'noticed', text: [key] }]))
    const speak = async (round: number) => {
      for (let n = 0; n < EVENTS_OF_A_ROUND; n += 1) await say(`event ${n} of round ${round}`)
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      await Promise.all([speak(round), order({ order: 'cut', share: SHARE_CUT })])
    }

    const heard = async () => {
      const report = await order({ order: 'report' })
      return report.least >= EVENTS && report
    }
    const report = await until('every reader has heard every event', heard, 120_000)
    expect(report).toEqual({ readers: STREAMS, least: EVENTS, most: EVENTS, again: 0 })
  },
  600_000,
)
