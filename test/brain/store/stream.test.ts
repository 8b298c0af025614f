import { expect, it } from 'vitest'
import { onEachDatabase } from './databases.ts'
import { someRun } from './fixtures.ts'

const WRITERS = 8
const EVENTS = 100_000
const BATCH = 50

onEachDatabase(
  'the stream under eight writers at once',
  (opened) => {
    it(`shows each of ${EVENTS} events exactly once to a reader that follows the cursor`, async () => {
      const { store, other } = opened()
      const runs = await Promise.all(
        Array.from({ length: WRITERS }, async () => {
          const run = someRun()
          await store.transaction((tx) => tx.insertRun(run))
          return run
        }),
      )
      let cursor = await other.headCursor()
      const perWriter = EVENTS / WRITERS
      let writing = WRITERS
      const write = async (runId: string) => {
        for (let done = 0; done < perWriter; done += BATCH) {
          const said = Array.from({ length: BATCH }, (_, n) => ({ kind: 'noticed' as const, text: [`${done + n}`] }))
          await store.transaction((tx) => tx.observe(runId, 'read', `batch-${done}`, said))
        }
        writing -= 1
      }
      const seen = new Map<string, number>()
      const read = async () => {
        for (;;) {
          const finished = writing === 0
          const batch = await other.eventsAfter(cursor, 1000)
          expect(batch.reset).toBe(false)
          for (const row of batch.rows) {
            if (row.kind !== 'observation') continue
            const name = `${row.runId}/${String(row.observation.text[0])}`
            seen.set(name, (seen.get(name) ?? 0) + 1)
          }
          cursor = batch.cursor
          if (finished && batch.rows.length === 0) return
        }
      }
      await Promise.all([read(), ...runs.map(({ id }) => write(id))])
      expect(seen.size).toBe(EVENTS)
      expect(Math.max(...seen.values())).toBe(1)
    }, 180_000)
  },
  ['PostgreSQL'],
)
