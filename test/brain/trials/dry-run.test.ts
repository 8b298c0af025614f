// Everything but the proposal: a dry run shows what it would have proposed, opens no decision, and stands in no other run's way.
import { beforeAll, expect, it } from 'vitest'
import { USERS } from '../decisions/acme.ts'
import { openTrialHouse, RULES, SOURCE, type TrialHouse } from './house.ts'

let house: TrialHouse

beforeAll(async () => {
  house = await openTrialHouse()
  await house.install(SOURCE, RULES)
})

interface Asked {
  runs: { recordId: string; runId: string | null; why: string | null }[]
}

async function dryRun(body: unknown, who: 'admin' | 'second' = 'admin'): Promise<Asked> {
  const response = await house.door.post(who, '/api/v1/missions/contact-left/dry-run', body)
  expect(response.status, await response.clone().text()).toBe(201)
  return (await response.json()) as Asked
}

interface Tried {
  run: { status: string; verdict: string | null; apiCalls: number; tokens: number; decisionId: string | null }
  proposal: { sentence: string; rows: { field: string; fromText: string; toText: string }[]; asks: string[] } | null
}

const trial = (runId: string | null) => house.door.json<Tried>('admin', `/api/v1/runs/${runId}/trial`)

it('shows what would be proposed and who would be asked, and opens no decision', async () => {
  const contact = house.contact('Ex-buyer')
  const { runs } = await dryRun({ records: [contact] })
  const run = await house.advance(runs[0]?.runId ?? '')
  expect(run).toMatchObject({ status: 'done', verdict: 'trial', decisionId: null, trigger: { trial: 'dry-run' } })
  const tried = await trial(run.id)
  expect(tried.run).toMatchObject({ verdict: 'trial', apiCalls: 2, tokens: 0 })
  expect(tried.proposal?.rows.map(({ field, fromText, toText }) => [field, fromText, toText])).toContainEqual([
    'Department',
    '(blank)',
    'Left',
  ])
  expect(tried.proposal?.asks).toEqual(['one person from the group RevOps'])
  const said = (await house.door.store.observations(run.id, null, 100)).map(({ kind }) => kind)
  expect(said.at(-1)).toBe('concluded')
  expect(await house.door.store.decisions({ mission: 'contact-left', limit: 10 })).toEqual([])
  expect((await house.replay(run.id)).isSame).toBe(true)
})

it('tries the newest records that a query finds, and says of one it has nothing to do with', async () => {
  house.contacts.clear()
  const works = house.contact('Buyer')
  house.contact('Former head')
  const { runs } = await dryRun({ newest: 2, where: "Title != 'x'" })
  expect(runs.map(({ why }) => why)).toEqual([null, null])
  for (const { runId } of runs) await house.advance(runId ?? '')
  const ofWorker = runs.find(({ recordId }) => recordId === works)?.runId ?? null
  expect(await trial(ofWorker)).toMatchObject({ run: { verdict: 'nothing to do' }, proposal: null })
})

it('begins no second run about a record, and a change that comes meanwhile gets a run of its own afterwards', async () => {
  const contact = house.contact('Ex-clerk')
  const [first] = (await dryRun({ records: [contact] })).runs
  const [second] = (await dryRun({ records: [contact] })).runs
  expect(second).toMatchObject({ runId: null, why: expect.stringContaining('is open') })
  expect(await house.changed(contact)).toBe(first?.runId)
  await house.advance(first?.runId ?? '')
  const again = await house.door.store.openRunAbout('contact-left', contact)
  expect(again?.trigger).toMatchObject({ kind: 'catch-up', launcher: null })
  expect(again?.trigger.trial).toBeUndefined()
})

it('tells nothing, by its condition, of a field that the caller may not see', async () => {
  const path = '/api/v1/missions/contact-left/dry-run'
  const { hidden } = house.org
  hidden.set(USERS.admin, new Set(['Contact.Title']))
  house.door.clock.pass(600)
  const refused = await house.door.post('admin', path, { newest: 5, where: "Title LIKE 'Ex%'" })
  expect([refused.status, (await refused.json()) as unknown]).toMatchObject([403, { missing: 'Contact.Title' }])
  const wrong = await house.door.post('admin', path, { newest: 5, where: 'Title != null LIMIT 2000' })
  expect(wrong.status).toBe(400)
  const back = { source: SOURCE, knowledge: { rules: RULES } }
  expect((await house.door.post('admin', '/api/v1/missions/contact-left/back-test', back)).status).toBe(403)
  hidden.clear()
  house.door.clock.pass(600)
})

it('is for administrators, needs an active mission, and shows other runs to none', async () => {
  const post = (who: 'admin' | 'second', path: string, body: unknown) => house.door.post(who, path, body)
  const path = '/api/v1/missions/contact-left/dry-run'
  expect((await post('second', path, { newest: 1 })).status).toBe(403)
  expect((await post('admin', '/api/v1/missions/gone/dry-run', { newest: 1 })).status).toBe(404)
  expect((await post('admin', path, {})).status).toBe(400)
  expect((await post('admin', path, { newest: 51 })).status).toBe(400)
  const real = await house.changed(house.contact('Buyer'))
  expect((await house.door.get('admin', `/api/v1/runs/${real}/trial`)).status).toBe(404)
})
