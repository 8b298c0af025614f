// Missions written in YAML and Markdown alone run on the whole product: from their event to a verified change, and to a rejection.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHIPPED_KNOWLEDGE, SHIPPED_MISSIONS, firstVersions, loadCatalog } from '../../server/brain/missions/catalog.ts'
import { permissionSetsFor } from '../support/permission-set-folders.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'

/** A person who has left their company: marked, and given to the owner of the account. */
const LEFT_COMPANY = `
mission: contact-left
title: Follow up contacts who left
description: A contact whose title says that the person left is marked, and the account's owner gets a task.
trigger:
  - { change: Contact.updated, after: 0s }
read:
  contact:
    object: Contact
    id: trigger.recordId
    fields: [Name, Title, Department, AccountId, OwnerId]
  account: { object: Account, id: contact.AccountId, fields: [Name, OwnerId, Owner.Name] }
knowledge: [leavers]
reason:
  left: { question: table, table: leavers §Leavers, about: contact }
skip:
  - { when: left.department == null, say: works there still }
  - { when: contact.Department == left.department, say: is marked already }
propose:
  - update: { as: marked, record: contact, set: { Department: left.department, OwnerId: account.OwnerId } }
  - create:
      object: Task
      when: proposed.marked
      set:
        Subject: "'Find who follows ' + contact.Name + ' at ' + account.Name"
        ActivityDate: today() + days(7)
        OwnerId: account.OwnerId
        WhoId: contact
        WhatId: account
gate:
  - { otherwise: true, needs: 1, from: permission:Decide_Missions }
limits: { records: 5, perDay: 100, apiCalls: 6, minutes: 5 }
`

const LEAVERS = `---
document: leavers
title: People who left
---

# People who left

## Leavers

Hit policy: first
No row: leave the contact as it is.

- Title: \`contact.Title\`

| Title           | → Department |
| --------------- | ------------ |
| starts with ex- | Left         |
| contains former | Left         |
`

const folder = mkdtempSync(join(tmpdir(), 'missions-configured-'))
let permissionSets = ''
let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  cpSync(SHIPPED_KNOWLEDGE, join(folder, 'knowledge'), { recursive: true })
  writeFileSync(join(folder, 'knowledge', 'leavers.md'), LEAVERS)
  writeFileSync(join(folder, 'contact-left.yaml'), LEFT_COMPANY)
  const triage = readFileSync(join(SHIPPED_MISSIONS, 'lead-triage.yaml'), 'utf8')
  writeFileSync(join(folder, 'lead-triage.yaml'), triage.replace('after: 30s', 'after: 0s'))
  permissionSets = permissionSetsFor(firstVersions(await loadCatalog(folder)).map(({ grant }) => grant))
  stack = await startStack({ missionsDir: folder, permissionSets })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  for (const each of [folder, permissionSets]) rmSync(each, { recursive: true, force: true })
})

const HOT = {
  LastName: 'Warner',
  FirstName: 'Ines',
  Company: 'Larkspur Textiles',
  Title: 'Chief Operating Officer',
  NumberOfEmployees: 1200,
  Country: 'United States',
  State: 'Oregon',
}

describe('lead triage', () => {
  it('rates a lead, routes it and leaves its owner a task, once a person approved', async () => {
    const leadId = await admin.create('Lead', HOT)
    const decision = await openDecision(admin, leadId)
    expect(decision.mission).toBe('lead-triage')
    expect((await second.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'verified'])
    const [lead] = await admin.query(`SELECT Rating, Status, Owner.Name FROM Lead WHERE Id = '${leadId}'`)
    expect(lead).toMatchObject({ Rating: 'Hot', Status: 'Working - Contacted', Owner: { Name: 'Elena Marsh' } })
    const [task] = await admin.query(`SELECT Subject, Priority, Owner.Name FROM Task WHERE WhoId = '${leadId}'`)
    expect(task).toMatchObject({ Subject: 'Call Ines Warner', Priority: 'High', Owner: { Name: 'Elena Marsh' } })
    const lines = (await admin.observations(run.id)).map(({ text }) => text)
    expect(lines.join('\n')).toContain('Qualification row 2 applies: rating Hot, status Working - Contacted')
  })

  it('changes nothing of a lead that a person rejects', async () => {
    const leadId = await admin.create('Lead', { ...HOT, LastName: 'Rejected' })
    expect((await second.reject(await openDecision(admin, leadId), 'not-now')).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'rejected'])
    const [lead] = await admin.query(`SELECT Rating, Status FROM Lead WHERE Id = '${leadId}'`)
    expect(lead).toMatchObject({ Rating: null, Status: 'Open - Not Contacted' })
  })
})

describe('a mission over contacts without a line of code', () => {
  it('marks a contact who left and gives it to the owner of the account', async () => {
    const [owner] = await admin.query("SELECT Id FROM User WHERE Username = 'jonas.weber@practice.example'")
    const accountId = await admin.create('Account', { Name: 'Quarrymen Stone', OwnerId: owner!.Id })
    const contactId = await admin.create('Contact', { LastName: 'Ferro', AccountId: accountId, Title: 'Buyer' })
    await admin.update('Contact', contactId, { Title: 'Ex-buyer' })
    const decision = await openDecision(admin, contactId)
    expect((await second.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, contactId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'verified'])
    const [contact] = await admin.query(`SELECT Department, OwnerId FROM Contact WHERE Id = '${contactId}'`)
    expect(contact).toMatchObject({ Department: 'Left', OwnerId: owner!.Id })
    const lines = (await admin.observations(run.id)).map(({ text }) => text)
    expect(lines).toContain('Set Department to Left of Ferro. Ferro goes to Jonas Weber. Create a task.')
  })

  it('says why it has nothing to do with one who did not', async () => {
    const contactId = await admin.create('Contact', { LastName: 'Marble', Title: 'Buyer' })
    await admin.update('Contact', contactId, { Title: 'Senior buyer' })
    const run = await runThatIs(admin, contactId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
    const lines = (await admin.observations(run.id)).map(({ text }) => text)
    expect(lines.at(-1)).toBe('Marble: works there still')
  })
})
