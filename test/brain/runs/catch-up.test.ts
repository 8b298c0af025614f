// Guarantee 5: what happened in the org while no event of it arrived is found, with every kind of change, and once.
import { beforeAll, expect, it } from 'vitest'
import type { ToolInput, ToolName, ToolOutput } from '../../../server/contract/tools.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { MissionVersion } from '../../../server/brain/domain/mission.ts'
import type { TriedChange } from '../../../server/brain/ports/change-tries.ts'
import type { OrgChange } from '../../../server/brain/ports/org-changes.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import type { Store } from '../../../server/brain/ports/store.ts'
import { catchUp } from '../../../server/brain/runs/catch-up.ts'
import { oweCatchUp, owedCatchUp } from '../../../server/brain/runs/owed-catch-up.ts'
import { MOST_TRIES } from '../../../server/brain/runs/set-aside.ts'
import { watchedSinceKey, watermarkKey } from '../../../server/brain/runs/stream-position.ts'
import { takeChange } from '../../../server/brain/runs/take-change.ts'
import { clock, ids, onEachDatabase } from '../store/databases.ts'
import { freshLead, someDecision, someMission, someRun } from '../store/fixtures.ts'

type Changed = ToolOutput<'listChanges'>['changes'][number]
type Asked = ToolInput<'listChanges'>

const PAGE = 3
const time = (minute: number, second = 0) =>
  `2026-02-01T10:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000Z`

/** Waits for one kind of change of an object, which no other test has. */
function missionOn(object: string, ...verbs: string[]): MissionVersion {
  const mission = someMission(`${object} ${verbs.join(' ')}`)
  const trigger = verbs.map((verb) => ({ change: `${object}.${verb}`, after: '0s' }))
  const activatedAt = '2026-01-01T00:00:00.000Z'
  const grant = { ...mission.grant, reads: { [object]: [] } }
  return { ...mission, activatedAt, grant, definition: { ...mission.definition, trigger } }
}

onEachDatabase('a gap in the org’s change events', (opened) => {
  const org = new Map<string, Changed[]>()
  const asked: Asked[] = []
  const setAside: string[] = []
  let refuse = 0
  const salesforce = {
    call(tool: string, input: Asked) {
      if (tool === 'openGrant') return Promise.resolve({ grant: 'a'.repeat(64) })
      asked.push(input)
      if (refuse > 0 && asked.length > refuse) return Promise.reject(new Error('the org is down'))
      const { object, since, after, createdSince } = input
      const later = (org.get(object) ?? [])
        .filter(({ at, id }) => at > since || (at === since && (after === null || id > after)))
        .filter(({ isDeleted, createdAt }) => createdSince === null || isDeleted || createdAt >= createdSince)
        .sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))
      return Promise.resolve({ changes: later.slice(0, PAGE), more: later.length >= PAGE, calls: 1 })
    },
  } as unknown as Salesforce

  const record = (id: string, more: Partial<Changed> = {}): Changed => {
    const at = more.at ?? time(5)
    return { id, createdAt: time(0), modifiedAt: at, at, byWriter: false, isDeleted: false, mergedInto: null, ...more }
  }
  const event = (object: string, id: string, more: Partial<OrgChange> = {}): OrgChange => ({
    topic: `/data/${object}ChangeEvent`,
    replayId: ids.next(),
    object,
    changeType: 'UPDATE',
    changedFields: null,
    isComplete: true,
    recordIds: [id],
    client: null,
    at: time(5, 1),
    modifiedAt: time(5),
    ...more,
  })
  const deps = (which: 'store' | 'other' = 'store') => ({
    store: opened()[which],
    clock,
    ids,
    salesforce,
    onSetAside: ({ recordIds }: TriedChange) => void setAside.push(...recordIds),
  })
  const owe = (object: string) => opened().store.transaction((tx) => oweCatchUp(tx, object))
  const runsAbout = (id: string) => opened().store.runs({ record: id, limit: 10 })
  const startsOf = async (id: string) => (await runsAbout(id)).map(({ trigger }) => `${trigger.kind} ${trigger.change}`)

  /** Events of the object were processed until 10:02:00; a mission waits for these changes. */
  async function watch(object: string, ...verbs: string[]): Promise<void> {
    asked.length = 0
    refuse = 0
    await opened().store.transaction(async (tx) => {
      await tx.insertMission(missionOn(object, ...verbs))
      await tx.setSetting(watchedSinceKey(object), '2026-01-01T00:00:00.000Z')
      await tx.setSetting(watermarkKey(object), time(2))
    })
  }
  beforeAll(() => org.clear())

  it('hides no creation, update or deletion: each starts the missions that wait for it, once', async () => {
    await watch('Alpha__c', 'created', 'updated', 'deleted')
    const [created, updated, deleted, old] = [freshLead(), freshLead(), freshLead(), freshLead()]
    org.set('Alpha__c', [
      record(created, { createdAt: time(4), modifiedAt: time(4), at: time(4) }),
      record(updated),
      record(deleted, { isDeleted: true }),
      record(old, { at: time(0, 30) }),
    ])
    for (let n = 0; n < 2; n += 1) {
      await owe('Alpha__c')
      await catchUp(deps(), 'Alpha__c')
    }
    expect(await startsOf(created)).toEqual(['catch-up Alpha__c.created'])
    expect(await startsOf(updated)).toEqual(['catch-up Alpha__c.updated'])
    expect(await startsOf(deleted)).toEqual(['catch-up Alpha__c.deleted'])
    expect(await startsOf(old)).toEqual([])
    expect(asked[0]).toMatchObject({ since: time(1), createdSince: null })
    expect(await owedCatchUp(opened().store, 'Alpha__c')).toBeNull()
  })

  it('does not double what its events tell all the same, whichever comes first', async () => {
    await watch('Beta__c', 'updated')
    const [first, second] = [freshLead(), freshLead()]
    org.set('Beta__c', [record(first), record(second)])
    await takeChange(deps(), event('Beta__c', first))
    await owe('Beta__c')
    await catchUp(deps(), 'Beta__c')
    await takeChange(deps(), event('Beta__c', second))
    for (const id of [first, second]) {
      const [run, ...more] = await runsAbout(id)
      expect(more).toEqual([])
      expect(run).toMatchObject({ retrigger: false })
      await opened().store.transaction((tx) => tx.updateRun(run?.id ?? '', { phase: 'read' }))
    }
    await takeChange(deps(), event('Beta__c', second, { modifiedAt: time(7), at: time(7, 1) }))
    expect((await runsAbout(second))[0]).toMatchObject({ retrigger: true })
  })

  it('starts a mission that waits for fields, since no query says which changed, but not by what it wrote itself', async () => {
    await watch('Sigma__c', 'updated')
    const name = 'Sigma__c updated'
    const [changed, own, passed] = [freshLead(), freshLead(), freshLead()]
    const { store } = opened()
    const mission = await store.mission(name)
    const fields = [{ change: 'Sigma__c.updated', after: '0s', fields: ['City__c'] }]
    const narrow = { ...mission!, version: 2, definition: { ...mission!.definition, trigger: fields } }
    const subject = { object: 'Sigma__c', id: own }
    const wrote = someRun({ mission: name, subject, status: 'done', verdict: 'verified', phase: 'commit' })
    await store.transaction(async (tx) => {
      await tx.insertMission(narrow)
      await tx.insertRun({ ...wrote, updatedAt: time(5) })
      await tx.linkRecords(wrote.id, [subject])
    })
    await takeChange(deps(), event('Sigma__c', passed, { changedFields: ['Name', 'LastModifiedDate'] }))
    expect(await startsOf(passed)).toEqual([])
    await takeChange(deps(), event('Sigma__c', passed, { changedFields: ['City__c'], modifiedAt: time(6) }))
    expect(await startsOf(passed)).toEqual(['change Sigma__c.updated'])
    org.set('Sigma__c', [record(changed), record(own, { byWriter: true })])
    await owe('Sigma__c')
    await catchUp(deps(), 'Sigma__c')
    expect(await startsOf(changed)).toEqual(['catch-up Sigma__c.updated'])
    expect(await runsAbout(own)).toHaveLength(1)
  })

  it('does not double a deletion that its event tells all the same', async () => {
    await watch('Gamma__c', 'deleted')
    const [first, second] = [freshLead(), freshLead()]
    org.set('Gamma__c', [record(first, { isDeleted: true }), record(second, { isDeleted: true })])
    const deletion = { changeType: 'DELETE', modifiedAt: null }
    await takeChange(deps(), event('Gamma__c', first, deletion))
    await owe('Gamma__c')
    await catchUp(deps(), 'Gamma__c')
    await takeChange(deps(), event('Gamma__c', second, deletion))
    for (const id of [first, second]) expect((await runsAbout(id)).map((run) => run.retrigger)).toEqual([false])
  })

  it('is read page by page, also when more records than a page holds bear one second', async () => {
    await watch('Delta__c', 'updated')
    const many = Array.from({ length: 3 * PAGE + 1 }, freshLead)
    org.set(
      'Delta__c',
      many.map((id) => record(id)),
    )
    await owe('Delta__c')
    await catchUp(deps(), 'Delta__c')
    for (const id of many) expect(await startsOf(id)).toEqual(['catch-up Delta__c.updated'])
    expect(asked).toHaveLength(4)
  })

  it('is read on by another process where the org went away in the middle', async () => {
    await watch('Epsilon__c', 'updated')
    const many = Array.from({ length: 2 * PAGE + 1 }, (_, n) => ({ id: freshLead(), at: time(10 + n) }))
    org.set(
      'Epsilon__c',
      many.map(({ id, at }) => record(id, { at })),
    )
    await owe('Epsilon__c')
    refuse = 2
    await expect(catchUp(deps(), 'Epsilon__c')).rejects.toThrow('the org is down')
    // An event that arrives meanwhile does not hide what is still to be read.
    await takeChange(deps(), event('Epsilon__c', freshLead(), { at: time(55), modifiedAt: time(55) }))
    refuse = 0
    asked.length = 0
    await catchUp(deps('other'), 'Epsilon__c')
    for (const { id } of many) expect(await startsOf(id)).toEqual(['catch-up Epsilon__c.updated'])
    expect(asked.map(({ since }) => since)).toEqual([time(15)])
  })

  it('that an event reveals begins before that event, whose process may end right after it', async () => {
    await watch('Zeta__c', 'updated')
    const missed = freshLead()
    org.set('Zeta__c', [record(missed)])
    const overflow = { changeType: 'GAP_OVERFLOW', recordIds: [], isComplete: false, modifiedAt: null, at: time(50) }
    await takeChange(deps(), event('Zeta__c', missed, overflow))
    await catchUp(deps('other'), 'Zeta__c')
    expect(await startsOf(missed)).toEqual(['catch-up Zeta__c.updated'])
  })

  it('that came while another was read is read too', async () => {
    await watch('Eta__c', 'updated')
    const late = freshLead()
    org.set('Eta__c', [record(freshLead())])
    await owe('Eta__c')
    const during = {
      async call(tool: string, input: Asked) {
        const answer: unknown = await (salesforce.call as (tool: string, input: Asked) => Promise<unknown>)(tool, input)
        if (tool === 'listChanges' && asked.length === 1) {
          org.get('Eta__c')?.push(record(late, { at: time(6) }))
          await owe('Eta__c')
        }
        return answer
      },
    } as unknown as Salesforce
    await catchUp({ ...deps(), salesforce: during }, 'Eta__c')
    expect(await startsOf(late)).toEqual(['catch-up Eta__c.updated'])
  })

  it('is not read for a mission that was withdrawn in the org, and the listening goes on', async () => {
    await watch('Omega__c', 'updated')
    await owe('Omega__c')
    const withdrawn = { code: 'inactive', message: 'withdrawn on 2026-11-30', orgCode: null, retryable: true } as const
    const refusing = {
      call: (tool: ToolName) => Promise.reject(new SalesforceError(tool, withdrawn)),
    } as unknown as Salesforce
    await catchUp({ ...deps(), salesforce: refusing }, 'Omega__c')
    expect([asked, await owedCatchUp(opened().store, 'Omega__c')]).toEqual([[], null])
  })

  it('is read past a record that cannot be taken: that one is set aside', async () => {
    await watch('Lambda__c', 'updated')
    const [poison, behind] = [freshLead(), freshLead()]
    org.set('Lambda__c', [record(poison), record(behind)])
    await owe('Lambda__c')
    const { store } = opened()
    const failing: Store = {
      ...store,
      transaction: (work) =>
        store.transaction((tx) =>
          work({
            ...tx,
            openRunAbout: (mission, id) =>
              id === poison ? Promise.reject(new Error('poison')) : tx.openRunAbout(mission, id),
          }),
        ),
    }
    let failures = 0
    for (let done = false; !done;) {
      done = await catchUp({ ...deps(), store: failing }, 'Lambda__c').then(
        () => true,
        () => (failures += 1) > 20,
      )
    }
    expect([failures, setAside]).toEqual([MOST_TRIES, [poison]])
    expect(await startsOf(behind)).toEqual(['catch-up Lambda__c.updated'])
    expect(await owedCatchUp(store, 'Lambda__c')).toBeNull()
  })

  it('asks for no mere updates while no mission waits for them', async () => {
    await watch('Theta__c', 'created')
    const updated = freshLead()
    org.set('Theta__c', [record(updated)])
    await owe('Theta__c')
    await catchUp(deps(), 'Theta__c')
    expect(asked.map(({ createdSince }) => createdSince)).toEqual([time(1)])
    expect(await runsAbout(updated)).toEqual([])
  })

  it.each(['an event', 'a catch-up'])(
    'or not: a deletion that %s tells of cancels the open run, with its decision and a sentence',
    async (what) => {
      const object = what === 'an event' ? 'Iota__c' : 'Kappa__c'
      await watch(object, 'created')
      const { store } = opened()
      const run = someRun({ subject: { object, id: freshLead() }, phase: 'decide' })
      const writing = someRun({ mission: 'other', subject: run.subject, phase: 'commit' })
      const { decision, changeSet } = someDecision(run)
      await store.transaction(async (tx) => {
        for (const each of [run, writing])
          await tx.insertRun({ ...each, trigger: { ...each.trigger, subject: run.subject } })
        await tx.insertDecision(decision, changeSet)
        await tx.updateRun(run.id, { status: 'waiting', decisionId: decision.id })
      })
      const id = run.subject?.id ?? ''
      org.set(object, [record(id, { isDeleted: true })])
      await owe(object)
      if (what === 'a catch-up') await catchUp(deps(), object)
      else await takeChange(deps(), event(object, id, { changeType: 'DELETE', modifiedAt: null }))
      const text = 'The record was deleted or merged away in Salesforce; nothing was changed'
      expect(await store.run(run.id)).toMatchObject({ status: 'cancelled', reason: [text] })
      expect(await store.decision(decision.id)).toMatchObject({ status: 'superseded' })
      expect((await store.observations(run.id, null, 10)).map((said) => said.text)).toEqual([[text]])
      expect(await store.run(writing.id)).toMatchObject({ status: 'running' })
    },
  )
})
