import { expect, it } from 'vitest'
import { Conflict } from '../../../server/brain/domain/errors.ts'
import type { Run } from '../../../server/brain/domain/run.ts'
import type { RecordKey } from '../../../server/contract/values/ids.ts'
import { markUndone } from '../../../server/brain/undo/mark-undone.ts'
import { startUndo } from '../../../server/brain/undo/start-undo.ts'
import { clock, ids, onEachDatabase, type Opened } from '../store/databases.ts'
import { freshLead, someDecision, someMission, someRun } from '../store/fixtures.ts'

onEachDatabase('two people who want the same undo', (opened) => {
  let missions = 0

  /** A verified run of a mission of its own. */
  async function verified({ store }: Opened, subject: RecordKey | null): Promise<{ run: Run; decisionId: string }> {
    const mission = someMission(`undoable-${(missions += 1)}`)
    const made = someRun({ mission: mission.name, subject })
    const { decision, changeSet } = someDecision(made)
    const run = await store.transaction(async (tx) => {
      await tx.insertMission(mission)
      await tx.insertRun(made)
      await tx.insertDecision(decision, changeSet)
      return tx.updateRun(made.id, { status: 'done', verdict: 'verified', decisionId: decision.id })
    })
    return { run, decisionId: decision.id }
  }

  const ask = (store: Opened['store'], decisionId: string, key = ids.next()) =>
    startUndo(
      { store, clock, ids },
      { decisionId, reason: 'wrong', userId: '005000000000001AAA', idempotencyKey: `undo:${key}` },
    )

  it.each([
    ['about a record', () => ({ object: 'Lead', id: freshLead() })],
    ['about no record', () => null],
  ])('start one, for a run %s', async (_what, subject) => {
    const { store, other } = opened()
    const { run, decisionId } = await verified(opened(), subject())
    const asked = await Promise.allSettled([store, other, store, other].map((each) => ask(each, decisionId)))
    const started = asked.filter(({ status }) => status === 'fulfilled')
    expect(started).toHaveLength(1)
    const refusals = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []))
    expect(refusals).toEqual([expect.any(Conflict), expect.any(Conflict), expect.any(Conflict)])
    const undos = (await store.runs({ mission: run.mission, limit: 10 })).filter(({ trigger }) => trigger.undo)
    expect(undos.map(({ id }) => id)).toEqual([(await store.run(run.id))?.undo?.runId])
  })

  it('start one when both send the same key', async () => {
    const { store, other } = opened()
    const { decisionId } = await verified(opened(), { object: 'Lead', id: freshLead() })
    const [first, second] = await Promise.all([ask(store, decisionId, 'same'), ask(other, decisionId, 'same')])
    expect(second).toEqual(first)
  })

  it('start none while the undo before is just being verified', async () => {
    const { store, other } = opened()
    const { run, decisionId } = await verified(opened(), { object: 'Lead', id: freshLead() })
    const { runId } = await ask(store, decisionId)
    const [, asked] = await Promise.allSettled([
      store.transaction(async (tx) => {
        const undo = await tx.updateRun(runId, { status: 'done', verdict: 'verified' })
        await markUndone(tx, undo)
      }),
      ask(other, decisionId),
    ])
    expect(asked.status === 'rejected' && asked.reason).toBeInstanceOf(Conflict)
    expect(await store.run(run.id)).toMatchObject({ verdict: 'undone', undo: { runId, was: 'verified' } })
  })
})
