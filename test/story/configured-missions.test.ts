// Missions written in YAML and Markdown alone run on the whole product: from their event to a verified change, and to a rejection.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHIPPED_KNOWLEDGE, firstVersions, loadCatalog } from '../../server/brain/missions/catalog.ts'
import type { DecisionView } from '../../server/contract/http.ts'
import { addObject, permissionSetsFor } from '../support/permission-set-folders.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'

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

/** A deal whose close date was moved out three times: its owner is asked why. */
const PUSHED_OUT = `
mission: pushed-out
title: Ask why deals are pushed out
description: An opportunity whose close date was moved out three times gets a task that asks its owner for the reason.
trigger:
  - { change: Opportunity.updated, after: 0s }
read:
  opportunity: { object: Opportunity, id: trigger.recordId, fields: [Name, CloseDate, OwnerId, IsClosed] }
  moves: { history: opportunity, fields: [CloseDate] }
  tasks: { object: Task, of: opportunity, relationship: Tasks, lookup: WhatId, fields: [Subject] }
knowledge: []
let:
  pushed: count(moves.filter(m, m.to > m.from))
  question: "'Why was ' + opportunity.Name + ' pushed out?'"
skip:
  - { when: opportunity.IsClosed == true, say: is closed }
  - { when: pushed < 3, say: was not pushed out three times }
  - { when: "tasks.exists(t, t.Subject == question)", say: was asked about already }
propose:
  - create:
      object: Task
      set:
        Subject: question
        Description: "'Its close date was moved out ' + text(pushed) + ' times.'"
        ActivityDate: workday(2)
        OwnerId: opportunity.OwnerId
        WhatId: opportunity
gate:
  - { otherwise: true, needs: 1, from: permission:Decide_Missions }
limits: { records: 2, perDay: 100, apiCalls: 6, minutes: 5 }
`

/** A mission over an object that the product has never heard of. */
const WARRANTY_ENDS = `
mission: warranty-ends
title: Follow up ending warranties
description: A warranty that is about to end is marked, so that somebody offers the next one.
trigger:
  - { change: Warranty__c.created, after: 0s }
read:
  warranty: { object: Warranty__c, id: trigger.recordId, fields: [Name, Ends__c, Stage__c, Price__c] }
knowledge: [warranties]
reason:
  ending: { question: table, table: warranties §Ends, about: warranty }
propose:
  - update: { record: warranty, set: { Stage__c: ending.stage, Price__c: 'round(warranty.Price__c * ending.factor, 2)' } }
gate:
  - { when: "change.field == 'Price__c'", needs: 1, from: group:RevOps }
  - { otherwise: true, needs: 1, from: permission:Decide_Missions }
limits: { records: 2, perDay: 100, apiCalls: 6, minutes: 5 }
`

const WARRANTIES = `---
document: warranties
title: Warranties
---

# Warranties

## Ends

Hit policy: first
No row: leave the warranty as it is.

- Days left: \`daysUntil(warranty.Ends__c)\`

| Days left | → Stage | → Factor: number |
| --------- | ------- | ---------------- |
| <= 30     | Offer   | 1.05             |
| <= 90     | Watch   | 1                |
`

const FIELDS = {
  Ends__c: '<type>Date</type>',
  Stage__c: '<type>Text</type><length>40</length>',
  Price__c: '<type>Currency</type><precision>12</precision><scale>2</scale>',
}

/** Describes the object as a project in source format does. */
function writeObject(into: string): void {
  const root = (name: string, body: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${name}>`
  const folderOf = join(into, 'Warranty__c')
  mkdirSync(join(folderOf, 'fields'), { recursive: true })
  const about = '<label>Warranty</label><pluralLabel>Warranties</pluralLabel><sharingModel>ReadWrite</sharingModel>'
  const named = '<nameField><label>Warranty Name</label><type>Text</type></nameField>'
  writeFileSync(join(folderOf, 'Warranty__c.object-meta.xml'), root('CustomObject', about + named))
  for (const [name, type] of Object.entries(FIELDS)) {
    const field = root('CustomField', `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label>${type}`)
    writeFileSync(join(folderOf, 'fields', `${name}.field-meta.xml`), field)
  }
}

const objects = mkdtempSync(join(tmpdir(), 'missions-objects-'))
const folder = mkdtempSync(join(tmpdir(), 'missions-configured-'))
let permissionSets = ''
let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  cpSync(SHIPPED_KNOWLEDGE, join(folder, 'knowledge'), { recursive: true })
  writeFileSync(join(folder, 'knowledge', 'leavers.md'), LEAVERS)
  writeFileSync(join(folder, 'knowledge', 'warranties.md'), WARRANTIES)
  writeFileSync(join(folder, 'contact-left.yaml'), LEFT_COMPANY)
  writeFileSync(join(folder, 'pushed-out.yaml'), PUSHED_OUT)
  writeFileSync(join(folder, 'warranty-ends.yaml'), WARRANTY_ENDS)
  writeObject(objects)
  permissionSets = permissionSetsFor(firstVersions(await loadCatalog(folder)).map(({ grant }) => grant))
  // The people who approve hold what an administrator gives them for an object of their own.
  addObject(permissionSets, 'Missions_Decider', 'Warranty__c', Object.keys(FIELDS))
  stack = await startStack({ missionsDir: folder, permissionSets, objects })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  for (const each of [folder, permissionSets, objects]) rmSync(each, { recursive: true, force: true })
})

/** The run of a decision once it has ended: what it writes may start the mission again. */
const runOf = ({ runId, subject }: DecisionView) =>
  until('the end of the run', async () => {
    const run = (await admin.runsAbout(subject.id)).find(({ id }) => id === runId)
    return run && ['done', 'failed'].includes(run.status) && run
  })

describe('a mission over contacts without a line of code', () => {
  it('marks a contact who left and gives it to the owner of the account', async () => {
    const [owner] = await admin.query("SELECT Id FROM User WHERE Username = 'jonas.weber@practice.example'")
    const accountId = await admin.create('Account', { Name: 'Quarrymen Stone', OwnerId: owner!.Id })
    const contactId = await admin.create('Contact', { LastName: 'Ferro', AccountId: accountId, Title: 'Buyer' })
    await admin.update('Contact', contactId, { Title: 'Ex-buyer' })
    const decision = await openDecision(admin, contactId)
    expect((await second.approve(decision)).status).toBe(200)
    const run = await runOf(decision)
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

describe('a mission over the history of a field', () => {
  it('asks why a deal was pushed out, the third time and once', async () => {
    const id = await admin.create('Opportunity', { Name: 'Anvil', StageName: 'Prospecting', CloseDate: '2027-01-31' })
    for (const CloseDate of ['2027-02-28', '2027-03-31', '2027-03-15', '2027-04-30'])
      await admin.update('Opportunity', id, { CloseDate })
    const decision = await openDecision(admin, id)
    expect((await second.approve(decision)).status).toBe(200)
    expect((await runOf(decision)).verdict).toBe('verified')
    const tasks = `SELECT Subject, Description FROM Task WHERE WhatId = '${id}'`
    const asked = { Subject: 'Why was Anvil pushed out?', Description: 'Its close date was moved out 3 times.' }
    expect(await admin.query(tasks)).toMatchObject([asked])
    await admin.update('Opportunity', id, { CloseDate: '2027-05-31' })
    const again = await until('another run', async () => {
      const [run] = await admin.runsAbout(id)
      return run && run.id !== decision.runId && ['done', 'failed'].includes(run.status) && run
    })
    expect(again.verdict).toBe('nothing to do')
    expect(await admin.query(tasks)).toHaveLength(1)
  })
})

describe('a mission over an object of the org’s own', () => {
  it('marks a warranty that ends and raises its price, to the cent', async () => {
    const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
    const id = await admin.create('Warranty__c', { Name: 'Pump 7', Ends__c: soon, Price__c: 99.99 })
    const decision = await openDecision(admin, id)
    expect((await second.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, id, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'verified'])
    const [warranty] = await admin.query(`SELECT Stage__c, Price__c FROM Warranty__c WHERE Id = '${id}'`)
    expect(warranty).toMatchObject({ Stage__c: 'Offer', Price__c: 104.99 })
  })

  it('leaves one alone that has long to go', async () => {
    const id = await admin.create('Warranty__c', { Name: 'Pump 8', Ends__c: '2099-01-01', Price__c: 10 })
    const run = await runThatIs(admin, id, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
  })
})

describe('a mission that names what the org lacks', () => {
  it('is compared with the org before it is activated, installed or not', async () => {
    const { items } = await admin.get<{ items: { name: string }[] }>('/missions')
    expect(items.map(({ name }) => name)).toContain('contact-left')
    const installed = await admin.get<{ findings: unknown[] }>('/missions/contact-left/org-check')
    expect(installed.findings).toEqual([])
    const source = LEFT_COMPANY.replace(
      'needs: 1, from: permission:Decide_Missions',
      'needs: 5, from: group:Nobody',
    ).replaceAll('Department', 'Departement__c')
    const response = await admin.send('/missions/check', { source, knowledge: {}, org: true })
    const { findings, orgFindings } = (await response.json()) as Record<string, { path: string; message: string }[]>
    expect(findings).toEqual([])
    const messages = (orgFindings ?? []).map(({ message }) => message)
    expect(messages[0]).toMatch(/^the org has no Contact\.Departement__c/)
    expect(messages.at(-1)).toContain('the public group Nobody does not exist, or has no active member')
  })
})
