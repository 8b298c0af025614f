import { expect, it } from 'vitest'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import { NestedUse } from '../../../server/brain/adapters/postgres/session/nesting.ts'
import type { Decision } from '../../../server/brain/domain/decision.ts'
import { IllegalTransition, LeaseLost } from '../../../server/brain/domain/errors.ts'
import { until } from '../../support/until.ts'
import { clock, ids, onEachDatabase } from './databases.ts'
import { someDecision, someMission, someRun } from './fixtures.ts'

onEachDatabase('the store', (opened) => {
  const insert = async (run = someRun()) => {
    await opened().store.transaction((tx) => tx.insertRun(run))
    return run
  }

  it('gives back a run as it was put in', async () => {
    const run = await insert()
    expect(await opened().store.run(run.id)).toEqual(run)
  })

  it('keeps nothing of a transaction that fails', async () => {
    const run = someRun()
    const failing = opened().store.transaction(async (tx) => {
      await tx.insertRun(run)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await opened().store.run(run.id)).toBeNull()
  })

  it('refuses to be used from inside its own transaction, instead of waiting for itself', async () => {
    const { store, other, pool } = opened()
    await expect(store.transaction(() => store.setting('x'))).rejects.toThrow(NestedUse)
    await expect(store.transaction(() => store.transaction(() => Promise.resolve()))).rejects.toThrow(NestedUse)
    const isRefused = await store
      .transaction(() => pool.query('select 1'))
      .then(
        () => false,
        (error: unknown) => error instanceof NestedUse,
      )
    // The embedded database has one connection, so that the pool behind the store would wait for itself too.
    const isEmbedded = other === store
    expect(isRefused).toBe(isEmbedded)
    expect(await store.setting('x')).toBeNull()
  })

  it('starts one run for one trigger, and one open run for one record', async () => {
    const run = await insert()
    const sameTrigger = someRun({ trigger: run.trigger })
    const sameRecord = someRun({ subject: run.subject })
    const { store } = opened()
    expect(await store.transaction((tx) => tx.insertRun(sameTrigger))).toBe(false)
    expect(await store.transaction((tx) => tx.insertRun(sameRecord))).toBe(false)
    expect((await store.runOfTrigger(run.trigger.idempotencyKey))?.id).toBe(run.id)
    expect((await store.openRunAbout(run.mission, run.subject?.id ?? ''))?.id).toBe(run.id)
  })

  it('allows only the transitions of the table', async () => {
    const run = await insert()
    const { store } = opened()
    await store.transaction((tx) => tx.updateRun(run.id, { status: 'done' }))
    await expect(store.transaction((tx) => tx.updateRun(run.id, { status: 'running' }))).rejects.toThrow(
      IllegalTransition,
    )
  })

  it('chains journal entries, and refuses a number that is taken', async () => {
    const run = await insert()
    const { store } = opened()
    const entry = { runId: run.id, phase: 'read' as const, requestHash: 'h', answer: { text: 'a\u0000b', n: [1] } }
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 1, key: 'lead' }))
    await store.transaction((tx) => tx.appendJournal({ ...entry, n: 2, key: 'more' }))
    await expect(store.transaction((tx) => tx.appendJournal({ ...entry, n: 2, key: 'third' }))).rejects.toThrow(
      LeaseLost,
    )
    await expect(store.transaction((tx) => tx.appendJournal({ ...entry, n: 3, key: 'lead' }))).rejects.toThrow(
      LeaseLost,
    )
    await expect(store.transaction((tx) => tx.appendJournal({ ...entry, n: 9, key: 'gap' }))).rejects.toThrow(LeaseLost)
    const journal = await store.journal(run.id)
    expect(journal.map(({ n, key, answer }) => [n, key, answer])).toEqual([
      [1, 'lead', entry.answer],
      [2, 'more', entry.answer],
    ])
    expect(new Set(journal.map(({ chain }) => chain)).size).toBe(2)
  })

  it('says an observation once, however often it is told', async () => {
    const run = await insert()
    const { store } = opened()
    const said = [{ kind: 'noticed' as const, text: ['Two accounts look alike'] }]
    for (let i = 0; i < 3; i += 1) await store.transaction((tx) => tx.observe(run.id, 'read', 'twins', said))
    await store.transaction((tx) => tx.observe(run.id, 'read', 'more', said))
    const all = await store.observations(run.id, null, 10)
    expect(all.map(({ phase, kind, text }) => [phase, kind, text])).toEqual([
      ['read', 'noticed', said[0]?.text],
      ['read', 'noticed', said[0]?.text],
    ])
    expect((await store.observations(run.id, all[0]?.cursor ?? null, 10)).map(({ id }) => id)).toEqual([all[1]?.id])
  })

  it('keeps what runs hold unreadable without the key', async () => {
    const run = await insert(someRun({ subjectName: 'Maria Okonkwo' }))
    const { rows } = await opened().pool.query('select * from missions.run where id = $1', [run.id])
    expect(JSON.stringify(rows)).not.toContain('Maria')
  })

  it('gives the lease to one, and refuses the fence of whoever had it before', async () => {
    const run = await insert()
    const { store, other, pool } = opened()
    const first = await store.lease(run.id, 'first', 60)
    expect(await other.lease(run.id, 'second', 60)).toBeNull()
    expect(await store.lease(run.id, 'first', 60)).toBeNull()
    expect(await store.renew(run.id, 'first', 60)).toBe(true)
    await pool.query("update missions.run set lease_until = now() - interval '1 s' where id = $1", [run.id])
    const second = await other.lease(run.id, 'second', 60)
    expect(second?.fence).toBeGreaterThan(first?.fence ?? 0)
    await expect(store.transaction((tx) => tx.lockUnderLease(run.id, first?.fence ?? 0))).rejects.toThrow(LeaseLost)
    expect((await other.transaction((tx) => tx.lockUnderLease(run.id, second?.fence ?? 0))).id).toBe(run.id)
    await store.release(run.id, 'first')
    expect(await store.renew(run.id, 'first', 60)).toBe(false)
    expect(await store.lease(run.id, 'third', 60)).toBeNull()
    await other.release(run.id, 'second')
    // A renewal that was still under way takes no lease that was given back.
    expect(await other.renew(run.id, 'second', 60)).toBe(false)
    expect(await store.lease(run.id, 'third', 60)).not.toBeNull()
  })

  it('finds open work that nobody holds', async () => {
    const { store } = opened()
    const running = await insert()
    const later = await insert(someRun({ nextTryAt: '2100-01-01T00:00:00.000Z' }))
    const held = await insert(someRun({ status: 'held', nextTryAt: clock.now() }))
    const waiting = await insert(someRun({ status: 'waiting' }))
    const leased = await insert()
    await store.lease(leased.id, 'somebody', 60)
    const found = await store.dueRuns()
    expect(found).toEqual(expect.arrayContaining([running.id, held.id]))
    for (const { id } of [later, waiting, leased]) expect(found).not.toContain(id)
    await store.releaseAll()
    expect(await store.dueRuns()).toContain(leased.id)
  })

  it('finds runs whose decision has its answer, and decisions whose time is over, although nobody was woken', async () => {
    const { store } = opened()
    const decided = async (change: Partial<Decision>) => {
      const run = await insert(someRun({ status: 'waiting' }))
      const { decision, changeSet } = someDecision(run)
      await store.transaction(async (tx) => {
        await tx.insertDecision({ ...decision, ...change }, changeSet)
        await tx.updateRun(run.id, { decisionId: decision.id })
      })
      return { run: run.id, decision: decision.id }
    }
    const [past, future] = ['2000-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z']
    const [open, held] = [await decided({}), await decided({ status: 'approved', commitsAt: future })]
    const over = await decided({ expiresAt: past })
    const answered = [
      await decided({ status: 'approved', commitsAt: past }),
      await decided({ status: 'approved' }),
      await decided({ status: 'rejected' }),
      await decided({ status: 'expired' }),
    ]
    const found = await store.dueRuns()
    expect(found).toEqual(expect.arrayContaining(answered.map(({ run }) => run)))
    for (const { run } of [open, held, over]) expect(found).not.toContain(run)
    expect(await store.overdueDecisions()).toEqual([over.decision])
  })

  it('keeps decisions, their versions and one answer per person and version', async () => {
    const run = await insert()
    const { store } = opened()
    const { decision, changeSet } = someDecision(run)
    await store.transaction((tx) => tx.insertDecision(decision, changeSet))
    expect(await store.decision(decision.id)).toEqual(decision)
    expect(await store.changeSet(decision.id, 1)).toEqual(changeSet)
    const accepted = { token: 't', takenAt: clock.now(), seal: 'd'.repeat(64) }
    const approval = {
      decisionId: decision.id,
      version: 1,
      digest: changeSet.digest,
      userId: '005000000000001AAA',
      userName: 'Ada',
      verb: 'approve' as const,
      on: ['group:RevOps'],
      lapsed: false,
      round: 0,
      reason: null,
      comment: 'Fine',
      at: clock.now(),
      accepted,
      voided: false,
    }
    await store.transaction((tx) => tx.insertApproval(approval))
    await expect(store.transaction((tx) => tx.insertApproval(approval))).rejects.toThrow('already answered')
    await store.transaction((tx) => tx.voidApprovals(decision.id))
    expect(await store.approvals(decision.id)).toEqual([{ ...approval, voided: true }])
    await store.transaction((tx) => tx.updateDecision(decision.id, { status: 'rejected' }))
    await expect(store.transaction((tx) => tx.updateDecision(decision.id, { status: 'open' }))).rejects.toThrow(
      IllegalTransition,
    )
    expect((await store.decisions({ record: run.subject?.id, limit: 5 })).map(({ id }) => id)).toEqual([decision.id])
  })

  it('finds runs by record, mission and status, newest first, page by page', async () => {
    const { store } = opened()
    const mission = `listed-${ids.next()}`
    const runs = [
      await insert(someRun({ mission })),
      await insert(someRun({ mission })),
      await insert(someRun({ mission })),
    ]
    const [a, b, c] = runs.map(({ id }) => id)
    expect((await store.runs({ mission, limit: 2 })).map(({ id }) => id)).toEqual([c, b])
    expect((await store.runs({ mission, limit: 2, before: b })).map(({ id }) => id)).toEqual([a])
    const account = { object: 'Account', id: '001000000000009AAA' }
    await store.transaction(async (tx) => {
      await tx.linkRecords(a ?? '', [account])
      await tx.updateRun(a ?? '', { status: 'done', verdict: 'verified' })
    })
    expect((await store.runs({ record: account.id, limit: 5 })).map(({ id }) => id)).toEqual([a])
    expect((await store.runsThatChanged(account.id)).map(({ id }) => id)).toEqual([a])
    expect((await store.runs({ mission, status: 'done', limit: 5 })).map(({ id }) => id)).toEqual([a])
  })

  it('keeps mission versions, and names the active one', async () => {
    const { store } = opened()
    const first = { ...someMission('sorted'), activation: null, activatedBy: null, activatedAt: null }
    await store.transaction((tx) => tx.insertMission(first))
    expect(await store.mission('sorted')).toEqual(first)
    expect((await store.activeMissions()).map(({ name }) => name)).not.toContain('sorted')
    const activation = { token: 't', takenAt: clock.now(), seal: 'b'.repeat(64) }
    const endsAt = addSeconds(clock.now(), 86_400)
    const by = { activation, userId: '005000000000001AAA', at: clock.now(), signedFirst: null, endsAt }
    await store.transaction(async (tx) => {
      await tx.activateMission('sorted', 1, by)
      await tx.insertMission({ ...first, version: 2 })
    })
    expect((await store.activeMissions()).find(({ name }) => name === 'sorted')).toMatchObject({
      version: 1,
      activation,
    })
    expect((await store.latestMissions()).find(({ name }) => name === 'sorted')?.version).toBe(2)
  })

  it('lets no earlier version be active again once the last one is withdrawn, until one is activated anew', async () => {
    const { store } = opened()
    const first = { ...someMission('left'), activation: null, activatedBy: null, activatedAt: null }
    const by = (second: number) => ({
      activation: { token: `t${second}`, takenAt: clock.now(), seal: 'b'.repeat(64) },
      userId: '005000000000001AAA',
      at: addSeconds(clock.now(), second),
      signedFirst: null,
      endsAt: addSeconds(clock.now(), 86_400),
    })
    const active = async () => (await store.activeMissions()).find(({ name }) => name === 'left')?.version ?? null
    const everActivated = async () =>
      (await store.activatedGrants()).flatMap(({ hash, grant }) => (grant.mission === 'left' ? [[hash, grant]] : []))
    await store.transaction(async (tx) => {
      await tx.insertMission(first)
      await tx.insertMission({ ...first, version: 2, grantHash: 'c'.repeat(64) })
      await tx.insertMission({ ...first, version: 3 })
      await tx.activateMission('left', 1, by(1))
      await tx.activateMission('left', 2, by(2))
    })
    expect(await active()).toBe(2)
    const withdrawn = { userId: '005000000000002AAA', at: clock.now(), reason: 'Merged too much' }
    await store.transaction((tx) => tx.withdrawMission('left', withdrawn))
    expect(await active()).toBeNull()
    expect(await everActivated()).toEqual([
      ['c'.repeat(64), first.grant],
      [first.grantHash, first.grant],
    ])
    expect(await store.lastActivated('left')).toMatchObject({ version: 2, withdrawn })
    await store.transaction((tx) => tx.activateMission('left', 1, by(3)))
    expect(await active()).toBe(1)
    await store.transaction((tx) => tx.activateMission('left', 1, { ...by(4), endsAt: clock.now() }))
    expect(await active()).toBeNull()
  })

  it('wakes readers when a transaction commits, and gives what is due', async () => {
    const { store, other } = opened()
    const heard: string[] = []
    const stop = other.onWake((what) => heard.push(what))
    await store.transaction((tx) => tx.addOutbox({ kind: 'advance-run', about: 'now', dueInSeconds: 0 }))
    await store.transaction((tx) => tx.addOutbox({ kind: 'advance-run', about: 'later', dueInSeconds: 3600 }))
    await until('a wake-up', () => Promise.resolve(heard.includes('outbox')))
    stop()
    const due = await store.takeOutbox(10)
    const advancing = due.filter(({ kind }) => kind === 'advance-run')
    expect(advancing.map(({ about }) => about)).toEqual(['now'])
    expect(await other.takeOutbox(10)).toEqual([])
    await store.finishOutbox(due.map(({ id }) => id))
  })

  it('gives each wake-up that is due to one of those who take them at the same moment', async () => {
    const { store, other } = opened()
    const names = Array.from({ length: 40 }, (_, n) => `wake-${String(n).padStart(2, '0')}`)
    await store.transaction(async (tx) => {
      for (const about of names) await tx.addOutbox({ kind: 'advance-run', about, dueInSeconds: 0 })
    })
    const taken = (await Promise.all([store, other, store, other].map((each) => each.takeOutbox(100)))).flat()
    expect(taken.map(({ about }) => about).sort()).toEqual(names)
    await store.finishOutbox(taken.map(({ id }) => id))
  })

  it('streams what happened from a cursor, and resets one it cannot know', async () => {
    const { store } = opened()
    const start = await store.headCursor()
    const run = await insert()
    await store.transaction((tx) => tx.observe(run.id, 'read', 'k', [{ kind: 'read', text: ['A lead was read'] }]))
    const read = await until('both events', async () => {
      const batch = await store.eventsAfter(start, 10)
      return batch.rows.length === 2 && batch
    })
    expect(read.rows.map(({ kind, runId }) => [kind, runId])).toEqual([
      ['run', run.id],
      ['observation', run.id],
    ])
    expect((await store.eventsAfter(read.cursor, 10)).rows).toEqual([])
    expect(await store.eventsAfter('99999999999.1', 10)).toMatchObject({ rows: [], reset: true })
    await store.transaction((tx) => tx.setSetting('events:floor', read.cursor))
    expect((await store.eventsAfter(start, 10)).reset).toBe(true)
    await store.transaction((tx) => tx.setSetting('events:floor', '0.0'))
  })
})
