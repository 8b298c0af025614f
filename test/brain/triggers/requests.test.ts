// Platform events that ask for a mission: one run for each request, and a sentence for each that nothing can come of.
import { beforeAll, expect, it } from 'vitest'
import type { ToolInput, ToolName } from '../../../server/contract/tools.ts'
import { SalesforceError } from '../../../server/brain/domain/errors.ts'
import type { OrgRequest } from '../../../server/brain/ports/org-changes.ts'
import type { Salesforce } from '../../../server/brain/ports/salesforce.ts'
import { positionKey, watchedSinceKey } from '../../../server/brain/runs/stream-position.ts'
import { openEventTaker } from '../../../server/brain/runs/take-event.ts'
import { takeRequest } from '../../../server/brain/triggers/take-request.ts'
import { clock, ids, onEachDatabase } from '../store/databases.ts'
import { someMission } from '../store/fixtures.ts'
import { recordId18 } from '../../../server/brain/domain/record-id.ts'

const EVENT = 'Mission_Request__e'
const TOPIC = `/event/${EVENT}`
const PUBLISHER = '005000000000001AAA'

onEachDatabase('a request by platform event', (opened) => {
  const there = new Set<string>()
  let refusal: SalesforceError | null = null
  const setAside: string[] = []
  const salesforce = {
    call(tool: ToolName, input: unknown) {
      if (tool === 'openGrant') return Promise.resolve({ grant: 'a'.repeat(64) })
      if (refusal) return Promise.reject(refusal)
      const id = /'(\w+)'/.exec((input as ToolInput<'soqlQuery'>).queries[0] ?? '')?.[1] ?? ''
      return Promise.resolve({ results: [{ records: there.has(id) ? [{ id }] : [] }] })
    },
  } as unknown as Salesforce
  const deps = (which: 'store' | 'other' = 'store') => ({
    store: opened()[which],
    clock,
    ids,
    salesforce,
    within: (work: Promise<void>) => work,
    onSetAside: (_change: unknown, reason: string | null) => void setAside.push(String(reason)),
  })

  let n = 0
  const lead = () => {
    const id = recordId18(`00Q${String((n += 1)).padStart(12, '0')}`) ?? ''
    there.add(id)
    return id
  }
  const request = (more: Partial<OrgRequest> = {}): OrgRequest => ({
    topic: TOPIC,
    replayId: String(100_000 + (n += 1)),
    event: EVENT,
    mission: 'asked-for',
    recordId: lead(),
    key: `key-${n}`,
    publisher: PUBLISHER,
    at: clock.now(),
    ...more,
  })
  const take = (asked: OrgRequest, which: 'store' | 'other' = 'store') =>
    takeRequest(deps(which), openEventTaker(deps(which)), asked)
  const runsAbout = (id: string | null) => opened().store.runs({ record: id ?? '', limit: 10 })

  beforeAll(async () => {
    const mission = someMission('asked-for')
    const start = { name: 'lead', object: 'Lead', id: 'trigger.recordId', fields: ['Name'] }
    const definition = { ...mission.definition, trigger: [{ event: EVENT }], read: [start] }
    await opened().store.transaction(async (tx) => {
      await tx.insertMission({ ...mission, definition })
      await tx.insertMission(someMission('never-asked'))
    })
  })

  it('starts a run about its record, whose launcher is who published it, and saves the position', async () => {
    const asked = request()
    await take(asked)
    const [run, ...more] = await runsAbout(asked.recordId)
    expect(more).toEqual([])
    expect(run).toMatchObject({ mission: 'asked-for', trigger: { kind: 'event', launcher: PUBLISHER, change: null } })
    expect(await opened().store.setting(positionKey(TOPIC))).toBe(asked.replayId)
  })

  it('starts one run for one key, published and delivered as often as may be, by two listeners', async () => {
    const asked = request()
    await Promise.all([take(asked), take(asked, 'other'), take({ ...asked, replayId: String(100_000 + (n += 1)) })])
    const [run, ...more] = await runsAbout(asked.recordId)
    expect(more).toEqual([])
    expect(run?.retrigger).toBe(false)
  })

  it('takes a record id of 15 characters', async () => {
    const asked = request()
    await take({ ...asked, recordId: asked.recordId?.slice(0, 15) ?? null })
    expect(await runsAbout(asked.recordId)).toHaveLength(1)
  })

  it.each<[string, Partial<OrgRequest>, string]>([
    ['names no mission', { mission: null }, 'Mission__c names no mission: write its name, such as lead-triage'],
    [
      'names a mission in other words',
      { mission: '<b>Lead</b>' },
      'Mission__c names no mission: write its name, such as lead-triage',
    ],
    ['names a mission that is not there', { mission: 'nowhere' }, 'No active mission is called nowhere'],
    [
      'names a mission that waits for no request',
      { mission: 'never-asked' },
      `never-asked does not wait for ${EVENT}: its trigger says so with { event: ${EVENT} }`,
    ],
    ['names no record', { recordId: null }, 'Record_Id__c is no id: asked-for wants that of a record of Lead'],
    [
      'names what is no id',
      { recordId: "x' OR Id != '" },
      'Record_Id__c is no id: asked-for wants that of a record of Lead',
    ],
    [
      'names a record of another object, or none',
      { recordId: recordId18('001000000000001') },
      `There is no Lead ${recordId18('001000000000001')}, or the reader may not see it`,
    ],
  ])('that %s is set aside with a sentence, and those after it go on', async (_what, more, sentence) => {
    setAside.length = 0
    const asked = request(more)
    await take(asked)
    expect(setAside).toEqual([sentence])
    expect(await opened().store.setting(positionKey(TOPIC))).toBe(asked.replayId)
    const { rows } = await opened().pool.query<{ reason: string; change: string }>(
      `select reason, change from missions.change_try where position = '${asked.replayId}' and set_aside_at is not null`,
    )
    expect(rows).toEqual([
      { reason: sentence, change: asked.mission?.startsWith('<') ? 'request' : (asked.mission ?? 'request') },
    ])
    const next = request()
    await take(next)
    expect(await runsAbout(next.recordId)).toHaveLength(1)
  })

  it('waits while Salesforce is away, and is not counted as tried', async () => {
    setAside.length = 0
    const error = { code: 'unavailable' as const, message: 'gone', orgCode: null, retryable: true }
    refusal = new SalesforceError('soqlQuery', error)
    const asked = request()
    for (let tries = 0; tries < 10; tries += 1) await expect(take(asked)).rejects.toThrow('gone')
    refusal = null
    await take(asked)
    expect(await runsAbout(asked.recordId)).toHaveLength(1)
    expect(setAside).toEqual([])
  })

  it('from before these events were watched is not meant', async () => {
    await opened().store.transaction((tx) => tx.setSetting(watchedSinceKey(EVENT), '2026-06-01T00:00:00.000Z'))
    const old = request({ at: '2026-05-31T23:00:00.000Z' })
    await take(old)
    expect(await runsAbout(old.recordId)).toEqual([])
    expect(await opened().store.setting(positionKey(TOPIC))).toBe(old.replayId)
  })
})
