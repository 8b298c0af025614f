// A mission is launched by hand only where its file says so.
import { beforeAll, expect, it } from 'vitest'
import type { MissionTrigger } from '../../../server/brain/domain/mission.ts'
import { LEAD } from '../decisions/acme.ts'
import { someMission } from '../store/fixtures.ts'
import { openDoor, type Door } from './server.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
  const start = { name: 'lead', object: 'Lead', id: 'trigger.recordId', fields: ['Name'] }
  const mission = (name: string, trigger: MissionTrigger) => {
    const made = someMission(name)
    return { ...made, definition: { ...made.definition, trigger: [trigger], read: [start] } }
  }
  await door.store.transaction(async (tx) => {
    await tx.insertMission(mission('only-heard', { change: 'Lead.created', after: '0s' }))
    await tx.insertMission(mission('by-hand', { api: { object: 'Lead' } }))
  })
})

const launch = (name: string, object = 'Lead', key = 'launching-1') =>
  door.post(
    'manager',
    `/api/v1/missions/${name}/runs`,
    { subject: { object, id: LEAD } },
    { 'idempotency-key': `${key}-${name}` },
  )

it('launches a mission that names the object for it, once for one key', async () => {
  const [first, second] = [await launch('by-hand'), await launch('by-hand')]
  expect([first.status, second.status]).toEqual([201, 201])
  expect(await second.json()).toEqual(await first.json())
})

it('refuses one whose file does not say so, with what to write', async () => {
  const refused = await launch('only-heard')
  expect(refused.status).toBe(400)
  expect(JSON.stringify(await refused.json())).toContain(
    'write { api: { object: Lead } } under its trigger to allow it',
  )
  expect((await launch('by-hand', 'Account', 'launching-2')).status).toBe(400)
})
