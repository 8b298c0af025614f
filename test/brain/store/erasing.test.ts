import { expect, it } from 'vitest'
import { applyRetention } from '../../../server/brain/erasure/apply-retention.ts'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import { Conflict, ContentsErased, NotFound } from '../../../server/brain/domain/errors.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { eraseEndedBefore, eraseRecord, eraseRun } from '../../../server/brain/erasure/erase-runs.ts'
import { clock, ids, onEachDatabase, type Opened } from './databases.ts'
import { freshLead, someDecision, someRun } from './fixtures.ts'

const asked = { by: { kind: 'person' as const, name: '005000000000001AAA' }, reason: 'She asked for it' }
const SECRET = 'Maria Okonkwo'

onEachDatabase('erasing', (opened) => {
  const deps = () => ({ store: opened().store, clock, ids })

  /** A run with a journal, an observation, a decision and an answer, all about Maria. */
  async function filled({ store }: Opened, change: Partial<Run> = {}, answer: unknown = { Name: SECRET }) {
    const run = someRun({ subjectName: SECRET, reason: [SECRET], ...change })
    const { decision, changeSet } = someDecision(run)
    const at = clock.now()
    const accepted = { token: 'a.b.c', takenAt: at, seal: 'd'.repeat(64) }
    await store.transaction(async (tx) => {
      await tx.insertRun({ ...run, decisionId: decision.id })
      await tx.appendJournal({
        runId: run.id,
        n: 1,
        phase: 'trigger',
        key: 'lead',
        requestHash: 'e'.repeat(64),
        answer,
      })
      await tx.observe(run.id, 'trigger', 'lead', [{ kind: 'read', text: [SECRET] }])
      await tx.insertDecision(decision, changeSet)
      await tx.insertApproval({
        decisionId: decision.id,
        version: 1,
        digest: changeSet.digest,
        userId: '005000000000001AAA',
        userName: 'Ada',
        verb: 'approve',
        on: ['group:RevOps'],
        lapsed: false,
        round: 0,
        reason: null,
        comment: SECRET,
        at,
        accepted,
        voided: false,
      })
    })
    return { run, decision, subject: run.subject?.id ?? '' }
  }

  it('leaves record ids, times, hashes and the verdict, and says by whom', async () => {
    const { store } = opened()
    const { run, decision, subject } = await filled(opened(), { status: 'done', verdict: 'verified' })
    await store.transaction((tx) => tx.updateDecision(decision.id, { status: 'approved' }))
    const before = await store.journal(run.id)
    const erasure = await eraseRecord(deps(), subject, asked)
    expect(erasure).toMatchObject({ record: subject, runs: [run.id], reason: 'She asked for it' })
    expect(await store.run(run.id)).toMatchObject({
      status: 'done',
      verdict: 'verified',
      startedAt: run.startedAt,
      subject: run.subject,
      subjectName: null,
      reason: null,
      differences: [],
      erased: { at: erasure.at, by: asked.by },
    })
    expect(await store.observations(run.id, null, 10)).toEqual([])
    const { n, key, chain } = before[0] ?? {}
    expect(await store.journal(run.id)).toEqual([
      expect.objectContaining({ n, key, chain, answer: null }),
      expect.objectContaining({ n: 2, key: 'erased', answer: null }),
    ])
    expect(await store.decision(decision.id)).toMatchObject({
      isErased: true,
      status: 'approved',
      subject: { id: subject, name: '' },
      rosters: [],
    })
    expect(await store.changeSet(decision.id, 1)).toBeNull()
    expect(await store.approvals(decision.id)).toEqual([])
    expect((await store.erasures({ limit: 1 }))[0]).toEqual(erasure)
  })

  it('is told to every process: none reads on with a key it remembers, and none writes', async () => {
    const { store, other } = opened()
    const { run, decision } = await filled(opened(), { status: 'done' })
    expect((await other.run(run.id))?.subjectName).toBe(SECRET)
    expect(await other.changeSet(decision.id, 1)).not.toBeNull()
    const cursor = await other.headCursor()
    await eraseRun(deps(), run.id, asked)
    expect(await other.run(run.id)).toMatchObject({ subjectName: null, erased: { by: asked.by } })
    expect(await other.changeSet(decision.id, 1)).toBeNull()
    expect((await other.runs({ limit: 1, record: run.subject?.id }))[0]).toMatchObject({
      id: run.id,
      subjectName: null,
    })
    const { rows } = await other.eventsAfter(cursor, 10)
    expect(rows).toContainEqual(expect.objectContaining({ kind: 'run', run: expect.objectContaining({ id: run.id }) }))
    await expect(other.transaction((tx) => tx.updateRun(run.id, { subjectName: SECRET }))).rejects.toThrow(
      ContentsErased,
    )
    const late = other.transaction((tx) => tx.updateDecision(decision.id, { status: 'superseded' }))
    await expect(late).rejects.toThrow(ContentsErased)
    const said = [{ kind: 'read' as const, text: [SECRET] }]
    const observed = store.transaction((tx) => tx.observe(run.id, 'trigger', 'late', said))
    await expect(observed).rejects.toThrow(ContentsErased)
  })

  it('skips what the stream holds of an erased run, and loses nothing behind it', async () => {
    const { store } = opened()
    const cursor = await store.headCursor()
    const erased = await filled(opened(), { status: 'done' })
    const kept = await filled(opened(), { status: 'done' })
    await eraseRun(deps(), erased.run.id, asked)
    const { rows } = await store.eventsAfter(cursor, 50)
    expect(rows.filter(({ kind }) => kind === 'observation').map(({ runId }) => runId)).toEqual([kept.run.id])
    expect(JSON.stringify(rows.filter(({ runId }) => runId === erased.run.id))).not.toContain(SECRET)
  })

  it('leaves nothing of it in any table', async () => {
    const { pool } = opened()
    const { run } = await filled(opened(), {
      status: 'done',
      trigger: { ...someRun().trigger, idempotencyKey: SECRET },
    })
    const held = async (table: string, column: string) =>
      (await pool.query(`select ${column} as value from missions.${table} where run_id = $1`, [run.id])).rows
    expect(await held('run_trigger', 'idempotency_key')).toEqual([{ value: SECRET }])
    await eraseRun(deps(), run.id, asked)
    expect(await held('run_key', 'wrapped')).toEqual([])
    expect(await held('body', 'sealed')).toEqual([])
    expect(await held('decision', 'sealed')).toEqual([{ value: '' }])
    expect(await held('approval', 'sealed')).toEqual([{ value: '' }])
    expect(new Set((await held('event', 'sealed')).map(({ value }) => value as unknown))).toEqual(new Set([null]))
    expect((await held('run_trigger', 'idempotency_key'))[0]).toMatchObject({ value: expect.stringMatching(/^mark:/) })
    expect(await opened().store.runOfTrigger(SECRET)).toMatchObject({ id: run.id })
  })

  it('does not let a request be guessed from its hash', async () => {
    const { pool, store } = opened()
    const { run } = await filled(opened())
    const stored = `select request_hash from missions.journal_entry where run_id = $1`
    expect((await pool.query(stored, [run.id])).rows[0]).not.toMatchObject({ request_hash: 'e'.repeat(64) })
    expect((await store.journal(run.id))[0]?.requestHash).toBe('e'.repeat(64))
  })

  it('finds runs that only read the record, by either form of its id', async () => {
    const contact = '003000000000001AAA'
    const read = await filled(opened(), { status: 'done' }, { contacts: [{ Id: contact, Name: SECRET }] })
    const short = await filled(opened(), { status: 'done' }, { url: `/services/data/${contact.slice(0, 15)}` })
    const { runs } = await eraseRecord(deps(), contact, asked)
    expect(runs).toEqual([read.run.id, short.run.id].sort())
    await expect(eraseRecord(deps(), contact, asked)).rejects.toThrow(NotFound)
  })

  it('takes runs about records with it that were merged into the record', async () => {
    const { store } = opened()
    const [survivor, loser] = [freshLead(), freshLead()]
    const merged = await filled(opened(), { status: 'done', verdict: 'verified' })
    const { changeSet } = someDecision(merged.run)
    const merge = { kind: 'merge', object: 'Lead', survivor, losers: [loser], fields: {}, moves: [] }
    const proposal = { ...changeSet.proposal, operations: [merge] } as unknown as typeof changeSet.proposal
    await store.transaction(async (tx) => {
      await tx.insertChangeSet({ ...changeSet, decisionId: merged.decision.id, version: 2, proposal })
      await tx.updateDecision(merged.decision.id, { version: 2 })
    })
    const earlier = await filled(opened(), { status: 'done', subject: { object: 'Lead', id: loser } })
    expect((await eraseRecord(deps(), survivor, asked)).runs).toEqual([merged.run.id, earlier.run.id].sort())
  })

  it('closes what waits for a person, and refuses what is at work, erasing nothing', async () => {
    const { store } = opened()
    const contact = '003000000000002AAA'
    const waiting = await filled(opened(), { status: 'waiting', phase: 'decide' }, { contact })
    const running = await filled(opened(), {}, { contact })
    await expect(eraseRecord(deps(), contact, asked)).rejects.toThrow(Conflict)
    await expect(eraseRecord(deps(), contact, asked)).rejects.toThrow(
      `run ${running.run.id} is at work or being undone`,
    )
    expect((await store.run(waiting.run.id))?.erased).toBeNull()
    await store.transaction((tx) => tx.updateRun(running.run.id, { status: 'cancelled' }))
    await eraseRecord(deps(), contact, asked)
    expect(await store.run(waiting.run.id)).toMatchObject({ status: 'cancelled', erased: { by: asked.by } })
    expect(await store.decision(waiting.decision.id)).toMatchObject({ status: 'superseded', isErased: true })
    const held = await filled(opened(), { status: 'held', phase: 'commit' })
    await expect(eraseRun(deps(), held.run.id, asked)).rejects.toThrow('is at work')
    await expect(eraseRun(deps(), waiting.run.id, asked)).rejects.toThrow('erased already')
  })

  it('waits for the undo of a run, which reads what that wrote; what goes by age is left for the next time', async () => {
    const { store } = opened()
    const undoing = await filled(opened(), { status: 'waiting' })
    const done = await filled(opened(), { status: 'done', undo: { runId: undoing.run.id, was: null } })
    await expect(eraseRun(deps(), done.run.id, asked)).rejects.toThrow('being undone')
    await eraseEndedBefore(deps(), addSeconds(clock.now(), 1), asked)
    expect((await store.run(done.run.id))?.erased).toBeNull()
    await store.transaction((tx) => tx.updateRun(undoing.run.id, { status: 'cancelled' }))
    expect((await eraseRun(deps(), done.run.id, asked)).runs).toEqual([done.run.id])
  })

  it('takes the run from a worker that has it', async () => {
    const { store } = opened()
    const { run } = await filled(opened(), { status: 'waiting' })
    const lease = await store.lease(run.id, 'worker', 30)
    await eraseRun(deps(), run.id, asked)
    const late = store.transaction((tx) => tx.lockUnderLease(run.id, lease?.fence ?? 0))
    await expect(late).rejects.toThrow('another worker')
    expect(await store.dueRuns()).not.toContain(run.id)
  })

  it('shows a run whose key is gone by itself as erased by nobody who is known', async () => {
    const { store, other, pool } = opened()
    const { run } = await filled(opened(), { status: 'done' })
    await pool.query('delete from missions.run_key where run_id = $1', [run.id])
    await pool.query(`select pg_notify('missions_news', 'erased')`)
    await expect.poll(async () => (await other.run(run.id))?.erased?.by.kind).toBe('unrecorded')
    await expect.poll(async () => (await store.run(run.id))?.erased?.by.kind).toBe('unrecorded')
  })

  it('by age takes what ended before, and nothing that waits', async () => {
    const { store } = opened()
    const ended = await filled(opened(), { status: 'done', verdict: 'verified' })
    const waiting = await filled(opened(), { status: 'waiting' })
    const cursor = await store.headCursor()
    const now = { now: () => addSeconds(clock.now(), 30 * 86_400 + 60) }
    expect(await applyRetention({ ...deps(), clock: now }, 31)).toBe(0)
    expect((await store.run(ended.run.id))?.erased).toBeNull()
    expect(await applyRetention({ ...deps(), clock: now }, 30)).toBeGreaterThan(0)
    expect((await store.run(ended.run.id))?.erased?.by).toEqual({ kind: 'retention', name: '30' })
    expect((await store.run(waiting.run.id))?.erased).toBeNull()
    expect((await store.erasures({ limit: 10 })).flatMap(({ runs }) => runs)).toContain(ended.run.id)
    expect(await store.eventsAfter('0.0', 10)).toMatchObject({ reset: true })
    expect((await store.observations(waiting.run.id, null, 10)).length).toBe(1)
    expect(await store.eventsAfter(cursor, 10)).toMatchObject({ rows: expect.any(Array) })
    expect(await applyRetention({ ...deps(), clock: now }, 30)).toBe(0)
  })
})
