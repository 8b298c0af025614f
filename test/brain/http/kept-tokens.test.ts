import { afterAll, expect, it } from 'vitest'
import { openInMemory } from '../../../server/brain/adapters/pglite/open.ts'
import { openWorld } from '../decisions/world.ts'
import { openDoor } from './server.ts'

it('no table holds a session token, or a decision token in clear', async () => {
  const database = await openInMemory()
  const { world, close } = await openWorld({ database })
  afterAll(close)
  const door = await openDoor({}, undefined, world)
  const facts = await door.propose()
  const session = await door.session('admin')
  const decision = await door.token('admin', facts, 'approve')
  const answer = await fetch(`${door.url}/api/v1/decisions/${facts.decision.id}/approve`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session}`, 'content-type': 'application/json' },
    body: JSON.stringify({ digest: facts.changeSet.digest, decision, comment: 'Looks right to me' }),
  })
  expect(answer.status).toBe(200)

  const tables = await database.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  )
  let rows = 0
  for (const { name } of tables.rows) {
    const { rows: found } = await database.pool.query<{ text: string }>(`select t::text as text from ${name} t`)
    rows += found.length
    // A token is as good as its signature: the parts before it are no secret.
    for (const token of [session, decision])
      expect(
        found.filter(({ text }) => text.includes(token.split('.')[2]!)),
        name,
      ).toEqual([])
  }
  expect(rows).toBeGreaterThan(20)
})
