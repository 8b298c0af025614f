// What starts a mission besides a creation, on the whole product: fields, platform events, schedules, polls, and no loop by its own write.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstVersions, loadCatalog } from '../../server/brain/missions/catalog.ts'
import { permissionSetsFor } from '../support/permission-set-folders.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'

const mission = (name: string, object: string, triggers: string[], field: string, value: string) => `mission: ${name}
title: ${name}
description: Sets ${field} of a ${object}.
trigger:
${triggers.map((trigger) => `  - ${trigger}`).join('\n')}
read:
  row: { object: ${object}, id: trigger.recordId, fields: [Name, ${field}] }
knowledge: []
skip:
  - { when: "row.${field} == ${value}", say: is right already }
propose:
  - update: { record: row, set: { ${field}: "${value}" } }
gate:
  - { otherwise: true, needs: 1, from: permission:Decide_Missions }
limits: { records: 5, perDay: 200, apiCalls: 8, minutes: 5 }
`

/** Once a day each, in the next minutes: the first that comes after the activation is the one that is waited for. */
const nextMinutes = [1, 2, 3, 5, 8].map((minutes) => {
  const at = new Date(Date.now() + minutes * 60_000)
  const each = `{ object: Lead, where: "LeadSource = 'Partner' AND Rating = null" }`
  return `{ schedule: "${at.getUTCMinutes()} ${at.getUTCHours()} * * *", zone: Etc/UTC, each: ${each} }`
})

const folder = mkdtempSync(join(tmpdir(), 'missions-triggers-'))
let permissionSets = ''
let stack: Stack
let admin: Person
let second: Person
let partners: string[] = []
let accountId = ''

beforeAll(async () => {
  const files = {
    'upper-company': mission(
      'upper-company',
      'Lead',
      ['{ change: Lead.updated, fields: [Company, City] }'],
      'Company',
      'upper(row.Company)',
    ),
    'asked-rating': mission('asked-rating', 'Lead', ['{ event: Mission_Request__e }'], 'Rating', "'Hot'"),
    'daily-rating': mission('daily-rating', 'Lead', nextMinutes, 'Rating', "'Warm'"),
    'polled-rating': mission('polled-rating', 'Account', ['{ poll: Account, every: 1m }'], 'Rating', "'Hot'"),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, `${name}.yaml`), text)
  permissionSets = permissionSetsFor(firstVersions(await loadCatalog(folder)).map(({ grant }) => grant))
  stack = await startStack({ missionsDir: folder, permissionSets })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
  const partner = { Company: 'Quay Freight', LeadSource: 'Partner' }
  partners = [await lead({ ...partner, LastName: 'One' }), await lead({ ...partner, LastName: 'Two' })]
  await lead({ ...partner, LastName: 'Rated', Rating: 'Cold' })
  accountId = await admin.create('Account', { Name: 'Quay Freight', Rating: 'Cold' })
}, 300_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  for (const each of [folder, permissionSets]) rmSync(each, { recursive: true, force: true })
})

const lead = (fields: Record<string, unknown>) =>
  admin.create('Lead', { LastName: 'Ferro', Company: 'Harbour', ...fields })
const runsOf = async (name: string, id: string) => (await admin.runsAbout(id)).filter(({ mission: of }) => of === name)
const ask = (person: Person, fields: Record<string, string>) => person.create('Mission_Request__e', fields)

describe('a change of fields', () => {
  it('starts the mission that waits for one of them, also for a part of an address, and no other', async () => {
    const [plain, moved] = [await lead({}), await lead({})]
    await admin.update('Lead', plain, { Title: 'Buyer' })
    await admin.update('Lead', moved, { City: 'Rotterdam' })
    await runThatIs(admin, moved, ['waiting'])
    expect(await runsOf('upper-company', plain)).toEqual([])
  })

  it('does not start the mission again by what it wrote itself', async () => {
    const id = await lead({ Company: 'harbour master' })
    await admin.update('Lead', id, { Company: 'harbour works' })
    expect((await second.approve(await openDecision(admin, id))).status).toBe(200)
    expect((await runThatIs(admin, id, ['done', 'failed'])).verdict).toBe('verified')
    // What comes later in the same stream is taken after it.
    const after = await lead({})
    await admin.update('Lead', after, { City: 'Antwerp' })
    await runThatIs(admin, after, ['waiting'])
    expect(await runsOf('upper-company', id)).toHaveLength(1)
  })
})

describe('a platform event', () => {
  it('starts the mission on its record, once for its key, and its publisher counts as the launcher', async () => {
    const id = await lead({})
    const fields = { Mission__c: 'asked-rating', Record_Id__c: id, Request_Key__c: 'interview-1' }
    await ask(admin, fields)
    await ask(admin, fields)
    const decision = await openDecision(admin, id)
    expect(decision.mission).toBe('asked-rating')
    expect((await admin.approve(decision)).status).toBe(403)
    expect((await second.approve(decision)).status).toBe(200)
    expect((await runThatIs(admin, id, ['done', 'failed'])).verdict).toBe('verified')
    expect(await runsOf('asked-rating', id)).toHaveLength(1)
  })

  it('that nothing can come of holds up none of those after it', async () => {
    const id = await lead({})
    await ask(admin, { Mission__c: 'nowhere', Record_Id__c: id, Request_Key__c: 'interview-2' })
    await ask(admin, { Mission__c: 'asked-rating', Record_Id__c: accountId, Request_Key__c: 'interview-3' })
    await ask(admin, { Mission__c: 'asked-rating', Record_Id__c: 'rubbish', Request_Key__c: 'interview-4' })
    await ask(admin, { Mission__c: 'asked-rating', Record_Id__c: id, Request_Key__c: 'interview-5' })
    await runThatIs(admin, id, ['waiting'])
    expect(await runsOf('asked-rating', accountId)).toEqual([])
    const { items } = await admin.get<{ items: { reason: string }[] }>('/oversight/set-aside')
    expect(items.map(({ reason }) => reason).reverse()).toEqual([
      'No active mission is called nowhere',
      `There is no Lead ${accountId}, or the reader may not see it`,
      'Record_Id__c is no id: asked-rating wants that of a record of Lead',
    ])
  })

  it('is published by those alone who hold the right to it', async () => {
    const fields = { Mission__c: 'asked-rating', Record_Id__c: accountId, Request_Key__c: 'interview-6' }
    await expect(ask(await stack.as('rep'), fields)).rejects.toThrow('INSUFFICIENT_ACCESS')
  })
})

describe('the clock', () => {
  const within = 150_000
  let other = ''

  it('finds a changed record by a poll', async () => {
    await runThatIs(admin, accountId, ['waiting'], within)
    expect((await second.approve(await openDecision(admin, accountId))).status).toBe(200)
    expect((await runThatIs(admin, accountId, ['done', 'failed'])).verdict).toBe('verified')
    other = await admin.create('Account', { Name: 'Fog Lights', Rating: 'Cold' })
  }, 160_000)

  it('starts one run for each record of a schedule, and for no other', async () => {
    for (const id of partners) await runThatIs(admin, id, ['waiting'], within)
    const { items } = await admin.get<{ items: { mission: string }[] }>('/runs?mission=daily-rating')
    expect(items).toHaveLength(partners.length)
  }, 160_000)

  it('does not start a polling mission again by what it wrote itself', async () => {
    await until('the next poll', async () => (await runsOf('polled-rating', other)).length > 0, within)
    expect(await runsOf('polled-rating', accountId)).toHaveLength(1)
  }, 160_000)
})
