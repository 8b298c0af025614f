// A watching version opens no decision; some days later what it would have set is compared with what people did, once.
import { beforeAll, expect, it } from 'vitest'
import { idOf } from '../questions/same-entity/fake-context.ts'
import { compareWatched } from '../../../server/brain/trials/compare-watched.ts'
import { openTrialHouse, RULES, SOURCE, type TrialHouse } from './house.ts'

interface Answer {
  watching: boolean
  runs: number
  compared: number
  fields: { field: string; agreed: number; differed: number }[]
  differing: { differences: { field: string; proposed: unknown; found: unknown; reason: string }[] }[]
}

const WATCHING = SOURCE.replace('limits:', 'watch: { days: 7 }\nlimits:')
const DAY = 86_400
let house: TrialHouse
let agreeing = ''
let deciding = ''

const figures = () => house.door.json<Answer>('admin', '/api/v1/missions/contact-left/watch')
const compare = () => compareWatched({ ...house.door, salesforce: house.salesforce })

beforeAll(async () => {
  house = await openTrialHouse()
  await house.install(WATCHING, RULES)
  agreeing = house.contact('Ex-buyer')
  deciding = house.contact('Former head')
})

it('grants a watching version nothing to write', async () => {
  const [mission] = await house.door.store.activeMissions()
  const watching = (await house.door.store.activeMissions()).find(({ name }) => name === 'contact-left')
  expect(mission).toBeDefined()
  expect(watching?.grant.writes).toEqual({})
})

it('opens no decision for a change, and waits its days before it compares', async () => {
  for (const id of [agreeing, deciding]) {
    const run = await house.advance(await house.changed(id))
    expect(run).toMatchObject({ status: 'done', verdict: 'trial', decisionId: null })
    expect((await house.replay(run.id)).isSame).toBe(true)
  }
  expect(await house.door.store.decisions({ mission: 'contact-left', limit: 10 })).toEqual([])
  await compare()
  expect(await figures()).toMatchObject({ watching: true, runs: 2, compared: 0, fields: [] })
})

it('counts by field what people did alike, and lists what they did otherwise', async () => {
  Object.assign(house.contacts.get(agreeing) ?? {}, { Department: 'Left', OwnerId: idOf('005', 7) })
  Object.assign(house.contacts.get(deciding) ?? {}, { Department: 'Retired' })
  house.door.clock.pass(8 * DAY)
  await Promise.all([compare(), compare()])
  const seen = await figures()
  expect(seen).toMatchObject({
    compared: 2,
    fields: [
      { field: 'Contact.Department', agreed: 1, differed: 1 },
      { field: 'Contact.OwnerId', agreed: 1, differed: 1 },
    ],
  })
  expect(seen.differing).toHaveLength(1)
  expect(seen.differing[0]?.differences[0]).toMatchObject({ field: 'Department', proposed: 'Left', found: 'Retired' })
})

it('compares a run once, is no dry run’s business, and gives a run up after weeks', async () => {
  Object.assign(house.contacts.get(deciding) ?? {}, { Department: 'Left' })
  await compare()
  expect((await figures()).fields[0]).toEqual({ field: 'Contact.Department', agreed: 1, differed: 1 })
  const late = house.contact('Ex-clerk')
  await house.advance(await house.changed(late))
  house.door.clock.pass(40 * DAY)
  await compare()
  expect(await figures()).toMatchObject({ runs: 3, compared: 2 })
  expect((await house.door.get('second', '/api/v1/missions/contact-left/watch')).status).toBe(403)
})

it('is wider where it may propose from now on: two administrators have to sign', async () => {
  const body = { source: SOURCE, knowledge: { rules: RULES } }
  const response = await house.door.post('admin', '/api/v1/missions/check', body)
  const { differences } = (await response.json()) as { differences: { wider: string[] } }
  expect(differences.wider).toContain('May changeOwner, update on Contact')
})
