import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pool, PoolClient } from 'pg'
import { expect, it } from 'vitest'
import { openStore } from '../../../server/brain/adapters/postgres/store.ts'
import { loadFacts } from '../../../server/brain/decisions/view/load-decision.ts'
import type { Decision } from '../../../server/brain/domain/decision.ts'
import { checkpointKey, clock, ids, onEachDatabase, ORG_ID, type Opened } from './databases.ts'
import { someDecision, someRun } from './fixtures.ts'

async function openSome({ store }: Opened, count: number, change: Partial<Decision>): Promise<string[]> {
  const opened: string[] = []
  for (let n = 0; n < count; n += 1) {
    const run = someRun({ mission: change.mission ?? 'tidy' })
    const { decision, changeSet } = someDecision(run)
    await store.transaction(async (tx) => {
      await tx.insertRun(run)
      await tx.insertDecision({ ...decision, ...change }, changeSet)
    })
    opened.push(decision.id)
  }
  return opened.reverse()
}

async function listeningFrom(pool: Pool, onListening: () => void): Promise<PoolClient> {
  const client = await pool.connect()
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  return Object.assign(client, {
    query: async (...given: unknown[]) => {
      const answer = await query(...given)
      if (String(given[0]).startsWith('listen')) setImmediate(onListening)
      return answer
    },
  })
}

/** Statements that a store which has read nothing yet sends for the newest decisions of a mission, and their views' facts. */
async function statementsFor({ pool }: Opened, mission: string): Promise<number> {
  // Only what the reading itself sends counts: a store also asks at times of its own.
  const reading = new AsyncLocalStorage<{ statements: number }>()
  const listening = Promise.withResolvers<void>()
  const own = new Proxy(pool, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (name === 'connect') return () => listeningFrom(target, () => listening.resolve())
      if (typeof member !== 'function') return member
      return (...given: unknown[]): unknown => {
        const counted = name === 'query' ? reading.getStore() : undefined
        if (counted) counted.statements += 1
        return member.apply(target, given)
      }
    },
  })
  const fresh = await openStore({
    pool: own,
    orgId: ORG_ID,
    clock,
    ids,
    bodyKey: Buffer.alloc(32, 7),
    checkpointKey,
  })
  try {
    // Until it listens, a store forgets its keys each second and would read them twice.
    await listening.promise
    const counted = { statements: 0 }
    const facts = await reading.run(counted, async () =>
      loadFacts(fresh, clock, await fresh.decisions({ mission, limit: 50 })),
    )
    expect(facts.length).toBeGreaterThan(0)
    return counted.statements
  } finally {
    await fresh.close()
  }
}

onEachDatabase('lists of decisions', (opened) => {
  it('take as many statements for thirty as for three', async () => {
    await openSome(opened(), 3, { mission: 'few' })
    await openSome(opened(), 30, { mission: 'many' })
    const few = await statementsFor(opened(), 'few')
    expect(await statementsFor(opened(), 'many')).toBe(few)
    expect(few).toBeLessThanOrEqual(5)
  })

  it('give each decision its own change set, answers and run, newest first', async () => {
    const newestFirst = await openSome(opened(), 4, { mission: 'own' })
    const { store } = opened()
    const facts = await loadFacts(store, clock, await store.decisions({ mission: 'own', limit: 10 }))
    expect(facts.map(({ decision }) => decision.id)).toEqual(newestFirst)
    for (const { decision, changeSet, run } of facts) {
      expect(changeSet).toEqual(await store.changeSet(decision.id, 1))
      expect([run.id, run.subject]).toEqual([decision.runId, { object: 'Lead', id: decision.subject.id }])
    }
  })

  it('by risk find the risk of the version that is open now', async () => {
    const { store } = opened()
    const [raised, ...others] = await openSome(opened(), 3, { mission: 'risky', risk: 'low' })
    await store.transaction((tx) => tx.updateDecision(raised!, { version: 2, risk: 'high' }))
    const found = async (risk: Decision['risk'] & string) =>
      (await store.decisions({ mission: 'risky', risk, limit: 10 })).map(({ id }) => id)
    expect(await found('high')).toEqual([raised])
    expect(await found('low')).toEqual(others)
    expect(await found('medium')).toEqual([])
  })
})
