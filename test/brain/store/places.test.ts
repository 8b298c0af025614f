import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { canonical } from '../../../server/contract/values/canonical.ts'
import { openDatabase } from '../../../server/brain/adapters/postgres/session/database.ts'
import { placeOf, type Place } from '../../../server/brain/adapters/postgres/session/places.ts'
import { createSeals } from '../../../server/brain/adapters/postgres/session/run-encryption.ts'
import { ids, onEachDatabase, ORG_ID } from './databases.ts'
import { someRun } from './fixtures.ts'

const BODY_KEY = Buffer.alloc(32, 7)

onEachDatabase(
  'what is kept under the key of one run',
  (opened) => {
    const insert = async () => {
      const run = someRun()
      await opened().store.transaction((tx) => tx.insertRun(run))
      return run
    }

    it('opens in the row it was sealed for, and in no other of the run', async () => {
      const run = await insert()
      const db = openDatabase(opened().pool).read()
      const seals = createSeals(ORG_ID, BODY_KEY)
      const runId = run.id
      const id = ids.next()
      const approval = { runId, decisionId: id, version: 1, userId: '005000000000001AAA' }
      const places: Place[] = [
        placeOf.run({ id: runId }),
        placeOf.decision({ id, runId }),
        placeOf.event({ id, runId }),
        placeOf.body({ hash: id, runId }),
        placeOf.event({ id: ids.next(), runId }),
        placeOf.approval(approval),
        placeOf.approval({ ...approval, version: 2 }),
        placeOf.approval({ ...approval, userId: '005000000000002AAA' }),
      ]
      for (const place of places) {
        const sealed = await seals.seal(db, place, { said: 'yes' })
        expect(await seals.open(db, place, sealed)).toEqual({ said: 'yes' })
        for (const other of places.filter((one) => one !== place))
          await expect(seals.open(db, other, sealed)).rejects.toThrow()
        // Nor does it pass as a value of before, which was sealed for the run alone.
        await expect(seals.open(db, place, sealed.replace(/^2:/, ''))).rejects.toThrow()
      }
    })

    it('is refused when two rows of the run were exchanged in the database', async () => {
      const run = await insert()
      const { store, pool } = opened()
      const text = (said: string) => ({
        kind: 'noticed' as const,
        text: [said],
        records: [],
        fields: [],
        citations: [],
      })
      await store.transaction((tx) => tx.observe(run.id, 'read', 'k', [text('one'), text('two')]))
      const read = () => store.observations(run.id, null, 10)
      expect((await read()).map(({ text: [said] }) => said)).toEqual(['one', 'two'])
      await pool.query(
        `update missions.event as e set sealed = o.sealed from missions.event as o
         where e.run_id = $1 and o.run_id = $1 and e.kind = 'observation' and o.kind = 'observation' and e.n = 1 - o.n`,
        [run.id],
      )
      await expect(read()).rejects.toThrow()
    })

    it('stays readable when it was sealed by an earlier release, for its run only', async () => {
      const run = await insert()
      const { store, pool } = opened()
      const { rows } = await pool.query<{ wrapped: string }>('select wrapped from missions.run_key where run_id = $1', [
        run.id,
      ])
      const about = Buffer.from(`${ORG_ID}/${run.id}`)
      const wrapped = Buffer.from(rows[0]!.wrapped, 'base64')
      const unwrap = createDecipheriv('aes-256-gcm', BODY_KEY, wrapped.subarray(0, 12)).setAAD(about)
      unwrap.setAuthTag(wrapped.subarray(12, 28))
      const key = Buffer.concat([unwrap.update(wrapped.subarray(28)), unwrap.final()])
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about)
      const { trigger, subject, subjectName, reason, differences } = run
      const plain = canonical({ trigger, subject, subjectName, reason, differences })
      const bytes = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      const sealed = Buffer.concat([nonce, cipher.getAuthTag(), bytes]).toString('base64')
      await pool.query('update missions.run set sealed = $2 where id = $1', [run.id, sealed])
      expect(await store.run(run.id)).toEqual(run)
    })

    it('is not opened by a shortened tag', async () => {
      const run = await insert()
      const { store, pool } = opened()
      await pool.query(
        `update missions.run set sealed = '2:' || encode(substring(decode(substring(sealed from 3), 'base64') for 20), 'base64') where id = $1`,
        [run.id],
      )
      await expect(store.run(run.id)).rejects.toThrow()
    })
  },
  ['PGlite'],
)
