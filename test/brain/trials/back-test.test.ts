// A draft over the facts that past runs read: what would have been otherwise, and what cannot be told, without a call to the org.
import { Registry } from 'prom-client'
import { beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { threadCounts } from '../../../server/brain/boot/threads/counts.ts'
import { createReplayer } from '../../../server/brain/boot/threads/replayer.ts'
import { draftOf } from '../../../server/brain/missions/draft.ts'
import { openTrialHouse, RULES, SOURCE, type TrialHouse } from './house.ts'

interface Answer {
  same: number
  differs: number
  cannotTell: number
  differences: {
    recordName: string | null
    was: { proposes: boolean; text: string; asks: string[] }
    wouldBe: { proposes: boolean; text: string; asks: string[] }
    values: { label: string; was: string; wouldBe: string }[]
  }[]
  unclear: { why: string; runs: number }[]
}

let house: TrialHouse

beforeAll(async () => {
  house = await openTrialHouse()
  await house.install(SOURCE, RULES)
  for (const title of ['Ex-buyer', 'Former head', 'Buyer', 'Late clerk'])
    await house.advance(await house.changed(house.contact(title)))
})
beforeEach(() => void house.calls.splice(0))

async function backTest(source: string, rules: string): Promise<Answer> {
  const path = '/api/v1/missions/contact-left/back-test'
  const response = await house.door.post('admin', path, { source, knowledge: { rules } })
  expect(response.status, await response.clone().text()).toBe(200)
  expect(house.calls).toEqual([])
  return (await response.json()) as Answer
}

it('finds an unchanged text the same in every run', async () => {
  expect(await backTest(SOURCE, RULES)).toEqual({ same: 4, differs: 0, cannotTell: 0, differences: [], unclear: [] })
})

it('shows what a changed table would have proposed, and what it would not have', async () => {
  const rules = RULES.replace('| contains former | Left         |', '| contains late   | Gone         |')
  const { same, differs, differences } = await backTest(SOURCE, rules)
  expect([same, differs]).toEqual([2, 2])
  const of = (proposes: boolean) => differences.find(({ was }) => was.proposes === proposes)
  expect(of(true)?.wouldBe).toEqual({ proposes: false, text: 'Person 2: works there still', asks: [] })
  expect(of(false)?.values).toContainEqual(
    expect.objectContaining({ label: 'Department', was: 'left as it is', wouldBe: 'Gone' }),
  )
})

it('shows whom a changed gate would have asked', async () => {
  const { differs, differences } = await backTest(
    SOURCE.replace('needs: 1, from: group:RevOps', 'needs: 2, from: group:RevOps'),
    RULES,
  )
  expect(differs).toBe(2)
  expect(differences[0]).toMatchObject({
    was: { asks: ['one person from the group RevOps'] },
    wouldBe: { asks: ['2 people from the group RevOps'] },
    values: [],
  })
})

it('cannot tell what a run did not read', async () => {
  const source = SOURCE.replace('OwnerId, AccountId]', 'OwnerId, AccountId, Phone]').replace(
    'left.department == null',
    'left.department == null || contact.Phone == null',
  )
  expect(await backTest(source, RULES)).toMatchObject({
    same: 0,
    differs: 0,
    cannotTell: 4,
    unclear: [{ why: 'the run did not read Contact.Phone, which this draft looks at', runs: 4 }],
  })
})

it('computes in the thread of replays, so that a draft that comes to no end stops nothing else', async () => {
  const phasesModule = new URL('../../../server/brain/boot/parts/phases.ts', import.meta.url).href
  const { store } = house.door
  const data = { engine: 'of this test', phasesModule }
  const replayer = createReplayer({ store, data, seconds: 60, counts: threadCounts(new Registry()) })
  onTestFinished(() => replayer.close())
  const draft = await draftOf(store, {
    source: SOURCE.replace('needs: 1, from: group', 'needs: 2, from: group'),
    knowledge: {},
  })
  if ('findings' in draft) throw new Error('the draft is sound')
  const runs = await store.runs({ mission: 'contact-left', limit: 10 })
  const found = await Promise.all(runs.map(({ id }) => replayer.backTest(id, draft)))
  expect(found.map(({ result }) => result).sort()).toEqual(['differs', 'differs', 'same', 'same'])
  expect((await replayer.replay(runs[0]?.id ?? '')).isSame).toBe(true)
}, 120_000)

it('refuses an unsound draft with its findings, another mission’s text, and a person who administers none', async () => {
  const path = '/api/v1/missions/contact-left/back-test'
  const wrong = await house.door.post('admin', path, {
    source: SOURCE.replace('title:', 'titel:'),
    knowledge: { rules: RULES },
  })
  expect(wrong.status).toBe(400)
  expect(await wrong.json()).toMatchObject({ issues: [{ path: 'mission.yaml:2:1' }] })
  const other = SOURCE.replace('mission: contact-left', 'mission: other')
  expect((await house.door.post('admin', path, { source: other, knowledge: { rules: RULES } })).status).toBe(400)
  expect((await house.door.post('second', path, { source: SOURCE })).status).toBe(403)
})
