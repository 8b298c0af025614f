// What a mission is granted and no run used, by the runs' own records.
import { beforeAll, expect, it } from 'vitest'
import { openTrialHouse, RULES, SOURCE, type TrialHouse } from './house.ts'

interface Answer {
  runs: number
  objects: string[]
  fields: string[]
  proposals: string[]
}

let house: TrialHouse
const WITH_TASK = SOURCE.replace(
  'gate:',
  `  - create: { object: Task, when: "contact.Title == 'Nobody'", set: { Subject: "'Call'", WhoId: contact } }\ngate:`,
)
const unused = (days = 90) =>
  house.door.json<Answer>('admin', `/api/v1/missions/contact-left/unused-grants?days=${days}`)

beforeAll(async () => {
  house = await openTrialHouse()
  await house.install(WITH_TASK, RULES)
})

it('names everything before the first run', async () => {
  expect(await unused()).toMatchObject({
    runs: 0,
    objects: ['Contact', 'Account'],
    proposals: ['update Contact', 'create Task'],
  })
})

it('names what stayed blank and what was never proposed, of the period alone', async () => {
  await house.advance(await house.changed(house.contact('Ex-buyer')))
  expect(await unused()).toMatchObject({
    runs: 1,
    objects: [],
    fields: ['Contact.Department'],
    proposals: ['create Task'],
  })
  house.door.clock.pass(40 * 86_400)
  expect(await unused(30)).toMatchObject({ runs: 0, objects: ['Contact', 'Account'] })
  expect((await house.door.get('second', '/api/v1/missions/contact-left/unused-grants')).status).toBe(403)
})
