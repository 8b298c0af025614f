// What a mission says about its write, on the whole product: what must still hold, who is asked after whom, and when.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstVersions, loadCatalog } from '../../server/brain/missions/catalog.ts'
import { permissionSetsFor } from '../support/permission-set-folders.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { cameOutOtherwise, openDecision, runThatIs } from '../support/story.ts'

const mission = (name: string, object: string, more: string) => `
mission: ${name}
title: ${name}
description: Rates what arrives.
trigger:
  - { change: ${object}.created }
read:
  it: { object: ${object}, id: trigger.recordId, fields: [Name, Rating${more.includes('it.Phone') ? ', Phone' : ''}] }
knowledge: []
propose:
  - update: { record: it, set: { Rating: "'Hot'" } }
limits: { records: 5, perDay: 100, apiCalls: 6, minutes: 5 }
${more}
`
const ANY_DECIDER = 'needs: 1, from: permission:Decide_Missions'
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** Open on the day after tomorrow alone. */
const LATER = `commit: { windows: ["${DAYS[(new Date().getUTCDay() + 2) % 7]} 00:00-24:00"], zone: UTC }`

const folder = mkdtempSync(join(tmpdir(), 'missions-written-'))
let permissionSets = ''
let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  const asserting = `assert: ["it.Phone == null"]\ngate: [{ otherwise: true, ${ANY_DECIDER} }]`
  writeFileSync(join(folder, 'asserting.yaml'), mission('asserting', 'Lead', asserting))
  const staged = `${LATER}\ngate: [{ otherwise: true, ${ANY_DECIDER}, then: [{ needs: 1, from: group:RevOps }] }]`
  writeFileSync(join(folder, 'staged.yaml'), mission('staged', 'Account', staged))
  permissionSets = permissionSetsFor(firstVersions(await loadCatalog(folder)).map(({ grant }) => grant))
  stack = await startStack({ missionsDir: folder, permissionSets })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  for (const each of [folder, permissionSets]) rmSync(each, { recursive: true, force: true })
})

const ratingOf = async (object: string, id: string) =>
  (await admin.query(`SELECT Rating FROM ${object} WHERE Id = '${id}'`))[0]?.Rating

describe('an assertion', () => {
  it('stands on the card, and lets the write pass while it holds', async () => {
    const id = await admin.create('Lead', { LastName: 'Holds', Company: 'Cefn Pumps' })
    const decision = await openDecision(admin, id)
    expect(decision.mustHold).toEqual([{ holds: 'it.Phone == null', records: [{ object: 'Lead', id, name: 'Holds' }] }])
    expect((await second.approve(decision)).status).toBe(200)
    expect((await runThatIs(admin, id, ['done', 'failed'])).verdict).toBe('verified')
  }, 60_000)

  it('stops the write once it does not hold, and the next run proposes nothing', async () => {
    const id = await admin.create('Lead', { LastName: 'Changes', Company: 'Cefn Pumps' })
    const decision = await openDecision(admin, id)
    await admin.update('Lead', id, { Phone: '+1 617 555 0100' })
    expect((await second.approve(decision)).status).toBe(200)
    await expect
      .poll(async () => (await admin.runsAbout(id)).map(({ verdict }) => verdict), { timeout: 30_000, interval: 500 })
      .toEqual(['nothing to do', 'nothing to do'])
    const [latest, earlier] = await admin.runsAbout(id)
    const last = async (run: string) => (await admin.observations(run)).at(-1)?.text
    expect(await last(earlier!.id)).toBe('Changes: it.Phone == null is no longer so; a new run looks again')
    expect(await last(latest!.id)).toBe('Changes: it.Phone == null does not hold')
    expect(await ratingOf('Lead', id)).toBeNull()
  }, 60_000)
})

describe('two stages and a window', () => {
  it('ask one after the other, and what both approved waits in sight', async () => {
    const id = await admin.create('Account', { Name: 'Gwynedd Sails' })
    const decision = await openDecision(admin, id)
    expect(decision).toMatchObject({ needs: 2, askedNow: [{ from: 'permission:Decide_Missions', needs: 1 }] })
    expect((await second.approve(decision)).status).toBe(200)
    expect((await admin.decision(decision.id)).askedNow).toEqual([{ from: 'group:RevOps', needs: 1 }])
    expect((await admin.approve(decision)).status).toBe(200)
    const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
    const waiting = await admin.decision(decision.id)
    expect(waiting).toMatchObject({ status: 'approved', commitsAt: `${day}T00:00:00.000Z`, askedNow: [] })
    await expect
      .poll(async () => (await admin.observations(decision.runId)).map(({ text }) => text).join(), { timeout: 20_000 })
      .toContain(`Approved; it will be written`)
    expect(await ratingOf('Account', id)).toBeNull()
  }, 60_000)
})

it('all of it is thought through the same when it is computed again', async () => {
  expect(await cameOutOtherwise(await stack.as('auditor'))).toEqual([])
}, 60_000)
