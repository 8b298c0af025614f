// Guarantee 15: a record that is deleted in Salesforce takes along what the brain holds about it.
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { addSeconds } from '../../../server/contract/values/instant.ts'
import type { ToolInput, ToolOutput } from '../../../server/contract/tools.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import { eraseDeleted } from '../../../server/brain/erasure/erase-deleted.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { takeChange } from '../../../server/brain/runs/take-change.ts'
import { clock, ids, onEachDatabase } from './databases.ts'
import { freshLead, someMission, someRun } from './fixtures.ts'

type Deleted = ToolOutput<'findDeleted'>['deleted'][number]

const DAYS = 30
const ago = (days: number) => addSeconds(clock.now(), -days * 86_400)

onEachDatabase('a record that was deleted in Salesforce', (opened) => {
  const bin = new Map<string, Partial<Deleted>>()
  const gone = new Set<string>()
  const missing: string[] = []
  const asked: number[] = []
  const salesforce = {
    call(tool: string, { ids: wanted }: ToolInput<'findDeleted'>) {
      if (tool === 'openGrant') return Promise.resolve({ grant: 'a'.repeat(64) })
      asked.push(wanted.length)
      const deleted = wanted.flatMap((id) => {
        const row = bin.get(id)
        return row ? [{ id, at: ago(40), isDeleted: true, mergedInto: null, ...row }] : []
      })
      return Promise.resolve({ deleted, missing: wanted.filter((id) => gone.has(id)), calls: 1 })
    },
  } as unknown as Salesforce

  const look = (inDays = 0) =>
    eraseDeleted(
      {
        store: opened().store,
        clock: { now: () => ago(-inDays) },
        ids,
        salesforce,
        onMissing: (records) => void missing.push(...records.map(({ id }) => id)),
      },
      DAYS,
    )
  const erasedBy = async (run: Run) => (await opened().store.run(run.id))?.erased?.by ?? null
  const deletion = (id: string, more: Partial<OrgChange> = {}): OrgChange => ({
    topic: '/data/LeadChangeEvent',
    replayId: '1',
    object: 'Lead',
    changeType: 'DELETE',
    changedFields: null,
    isComplete: true,
    recordIds: [id],
    client: null,
    at: ago(40),
    modifiedAt: null,
    ...more,
  })

  async function runAbout(id = freshLead()): Promise<Run & { about: string }> {
    const run = someRun({ subject: { object: 'Lead', id }, status: 'done', verdict: 'verified' })
    await opened().store.transaction((tx) => tx.insertRun(run))
    return { ...run, about: id }
  }

  beforeAll(async () => opened().store.transaction((tx) => tx.insertMission(someMission('tidy'))))
  beforeEach(() => {
    bin.clear()
    gone.clear()
    missing.length = 0
    asked.length = 0
  })

  it('takes the contents of its runs along after the days that are set, and the list says why', async () => {
    const [old, recent, kept] = [await runAbout(), await runAbout(), await runAbout()]
    bin.set(old.about, {})
    bin.set(recent.about, { at: ago(29) })
    expect(await look()).toBe(1)
    expect(await erasedBy(old)).toEqual({ kind: 'deletion', name: old.about })
    expect([await erasedBy(recent), await erasedBy(kept)]).toEqual([null, null])
    const [erasure] = await opened().store.erasures({ limit: 1 })
    const reason = `The record was deleted in Salesforce on ${ago(40).slice(0, 10)}`
    expect(erasure).toMatchObject({ record: old.about, runs: [old.id], reason })
    expect(await look()).toBe(0)
  })

  it('leaves its runs alone when a merge took it: its rationale stays', async () => {
    const merged = await runAbout()
    bin.set(merged.about, { mergedInto: freshLead() })
    await takeChange({ store: opened().store, clock, ids }, deletion(merged.about))
    expect(await look()).toBe(0)
    bin.delete(merged.about)
    gone.add(merged.about)
    expect(await look()).toBe(0)
    expect(await erasedBy(merged)).toBeNull()
  })

  it('leaves its runs alone when it was brought back', async () => {
    const back = await runAbout()
    await takeChange({ store: opened().store, clock, ids }, deletion(back.about))
    expect(await look()).toBe(0)
    gone.add(back.about)
    expect(await look()).toBe(0)
    expect(await erasedBy(back)).toBeNull()
  })

  it('counts after the Recycle Bin was emptied, when its event or an earlier look knew of it', async () => {
    const [heard, seen, hidden] = [await runAbout(), await runAbout(), await runAbout()]
    await takeChange({ store: opened().store, clock, ids }, deletion(heard.about))
    bin.set(seen.about, { at: ago(29) })
    for (const { about } of [heard, hidden]) gone.add(about)
    expect(await look()).toBe(1)
    expect([await erasedBy(heard), await erasedBy(seen)]).toEqual([{ kind: 'deletion', name: heard.about }, null])
    expect(missing).toContain(hidden.about)
    bin.delete(seen.about)
    gone.add(seen.about)
    expect(await look(2)).toBe(1)
    expect([await erasedBy(seen), await erasedBy(hidden)]).toEqual([{ kind: 'deletion', name: seen.about }, null])
  })

  it('by the brain’s own write is not noted, nor one that no run is about', async () => {
    const [own, stranger] = [await runAbout(), freshLead()]
    const deps = { store: opened().store, clock, ids }
    await takeChange(deps, deletion(own.about, { client: 'missions' }))
    await takeChange(deps, deletion(stranger))
    expect(await opened().store.deletionsOf([own.about, stranger])).toEqual(new Map())
  })

  it('waits while one of its runs is active', async () => {
    const lead = await runAbout()
    const active = someRun({ subject: lead.subject, mission: 'other', status: 'running' })
    const { store } = opened()
    await store.transaction((tx) => tx.insertRun(active))
    bin.set(lead.about, {})
    expect(await look()).toBe(0)
    await store.transaction((tx) => tx.updateRun(active.id, { status: 'done', verdict: 'nothing to do' }))
    expect(await look()).toBe(1)
    expect(await erasedBy(active)).toEqual({ kind: 'deletion', name: lead.about })
  })

  it('is found among more held records than one call asks for', async () => {
    for (let n = 0; n < 201; n += 1) await runAbout()
    const last = await runAbout('00QzzzzzzzzzzzzAAA')
    bin.set(last.about, {})
    expect(await look()).toBe(1)
    expect(Math.max(...asked)).toBe(200)
    expect(asked.length).toBeGreaterThan(1)
  })
})
