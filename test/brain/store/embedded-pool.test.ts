import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pg from 'pg'
import { Worker } from 'node:worker_threads'
import { openInMemory, poolOn, type EmbeddedDatabase } from '../../../server/brain/adapters/pglite/open.ts'
import type { Pool } from '../../../server/brain/adapters/postgres/session/pools.ts'

describe('the embedded pool', () => {
  let pool: Pool
  let connect: EmbeddedDatabase['connect']
  let close: () => Promise<void>
  beforeAll(async () => ({ pool, connect, close } = await openInMemory()))
  afterAll(() => close())

  it('gives values as the pg driver does', async () => {
    const { rows } = await pool.query(
      "select 1::int8 as big, 1::int4 as small, 1.50::numeric as money, true as yes, null as none, $1::jsonb as json, $2::text[] as list, '\\x00ff'::bytea as bytes",
      [{ a: 1 }, ['x', 'y"z']],
    )
    expect(rows[0]).toEqual({
      big: '1',
      small: 1,
      money: '1.50',
      yes: true,
      none: null,
      json: { a: 1 },
      list: ['x', 'y"z'],
      bytes: Buffer.from([0, 255]),
    })
  })

  it('tells errors with the database’s own code', async () => {
    await pool.query('create table public.once (n integer primary key)')
    await pool.query('insert into public.once values (1)')
    await expect(pool.query('insert into public.once values (1)')).rejects.toMatchObject({
      code: '23505',
      table: 'once',
    })
    await expect(pool.query('select nonsense')).rejects.toBeInstanceOf(pg.DatabaseError)
  })

  it('answers a question it has often been asked with the columns its table has now', async () => {
    await pool.query('create table public.growing (n integer)')
    await pool.query('insert into public.growing values ($1)', [1])
    const ask = async () => (await pool.query('select * from public.growing where n = $1', [1])).rows
    for (let time = 0; time < 150; time += 1) expect(await ask()).toEqual([{ n: 1 }])
    await pool.query("alter table public.growing add column name text default 'one'")
    expect(await ask()).toEqual([{ n: 1, name: 'one' }])
  })

  it('answers a question whose first asking failed', async () => {
    await pool.query('create table public.later (n integer primary key)')
    const insert = (n: number) => pool.query('insert into public.later values ($1) returning n', [n])
    await insert(1)
    await expect(insert(1)).rejects.toMatchObject({ code: '23505' })
    await expect(pool.query('select n from public.missing where n = $1', [1])).rejects.toMatchObject({ code: '42P01' })
    await pool.query('create table public.missing (n integer)')
    expect((await pool.query('select n from public.missing where n = $1', [1])).rows).toEqual([])
    expect((await insert(2)).rows).toEqual([{ n: 2 }])
  })

  it('keeps more kinds of questions apart than it remembers', async () => {
    for (const round of [0, 1])
      for (let n = 0; n < 140; n += 1)
        expect((await pool.query(`select ${n} + $1::int as sum`, [round])).rows).toEqual([{ sum: n + round }])
  })

  it('keeps others out of a transaction until it ends', async () => {
    await pool.query('create table public.line (n integer)')
    const client = await pool.connect()
    await client.query('begin')
    await client.query('insert into public.line values (1)')
    const outside = pool.query('select count(*)::int as n from public.line')
    await client.query('rollback')
    client.release()
    expect((await outside).rows).toEqual([{ n: 0 }])
  })

  it('is free again after a transaction that ended before its first statement', async () => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('commit')
    await client.query('begin')
    client.release()
    expect((await pool.query('select pg_current_xact_id_if_assigned() as id')).rows).toEqual([{ id: null }])
  })

  it('begins a transaction with its first statement, as it was asked to begin', async () => {
    const client = await pool.connect()
    await client.query('begin isolation level repeatable read')
    expect((await client.query('show transaction_isolation')).rows).toEqual([
      { transaction_isolation: 'repeatable read' },
    ])
    await client.query("notify nobody, 'hears'; commit")
    client.release()
    expect((await pool.query('show transaction_isolation')).rows).toEqual([{ transaction_isolation: 'read committed' }])
  })

  it('gives the session back when a client is released in the middle of a transaction', async () => {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('create table public.abandoned (n integer)')
    client.release()
    expect((await pool.query("select to_regclass('public.abandoned') as t")).rows).toEqual([{ t: null }])
  })

  it('hears what another client notifies, comments before LISTEN or not', async () => {
    const listener = await pool.connect()
    await listener.query('-- why\nLISTEN some_channel;\n')
    const heard = new Promise((resolve) => listener.once('notification', resolve))
    await pool.query("select pg_notify('some_channel', 'hello')")
    expect(await heard).toMatchObject({ channel: 'some_channel', payload: 'hello' })
    listener.release()
  })

  it('serves several clients, one transaction at a time, and each hears the others', async () => {
    await pool.query('create table public.shared (n integer)')
    const others = [poolOn(connect()), poolOn(connect())]
    const listener = await others[0]!.connect()
    await listener.query('listen shared')
    const heard = new Promise((resolve) => listener.once('notification', resolve))
    const add = async (each: Pool) => {
      for (let times = 0; times < 10; times += 1) {
        const client = await each.connect()
        await client.query('begin')
        const { rows } = await client.query<{ n: number }>('select coalesce(max(n), 0) as n from public.shared')
        await client.query('insert into public.shared values ($1)', [rows[0]!.n + 1])
        await client.query("notify shared, 'added'; commit")
        client.release()
      }
    }
    await Promise.all([pool, ...others].map(add))
    expect((await pool.query('select count(distinct n)::int as n from public.shared')).rows).toEqual([{ n: 30 }])
    expect(await heard).toMatchObject({ channel: 'shared', payload: 'added' })
    for (const each of others) await each.end()
    await expect(others[0]!.query('select 1')).rejects.toThrow('the embedded database was closed')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('rolls back what a thread had begun that was ended while it stood still', async () => {
    await pool.query('create table public.begun (n integer)')
    const port = connect()
    const program = `
      const { parentPort, workerData } = require('node:worker_threads')
      const { port } = workerData
      const ask = (id, begin, text) => port.postMessage({ id, transaction: 1, begin, isLast: false, text, params: null })
      ask(1, 'begin', 'insert into public.begun values (1)')
      port.on('message', () => {
        parentPort.postMessage('begun')
        for (;;);
      })`
    const thread = new Worker(program, { eval: true, workerData: { port }, transferList: [port] })
    await new Promise((resolve) => thread.once('message', resolve))
    const waiting = pool.query('select count(*)::int as n from public.begun')
    await thread.terminate()
    expect((await waiting).rows).toEqual([{ n: 0 }])
  })
})
