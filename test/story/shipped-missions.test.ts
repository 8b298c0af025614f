// The shipped missions on the whole product, from what starts them to a verified change, and to a rejection that changes nothing.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionView } from '../../server/contract/http.ts'
import { SHIPPED_KNOWLEDGE, SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'missions-shipped-'))
let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  cpSync(SHIPPED_KNOWLEDGE, join(folder, 'knowledge'), { recursive: true })
  // The reconciliation looks at the same leads as the triage; its stories are in start.test.ts.
  for (const file of readdirSync(SHIPPED_MISSIONS).filter((name) => !name.startsWith('duplicate'))) {
    const source = readFileSync(join(SHIPPED_MISSIONS, file), 'utf8')
    writeFileSync(join(folder, file), source.replaceAll(/after: \d+s/g, 'after: 0s'))
  }
  stack = await startStack({ missionsDir: folder })
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const OBJECTS: Record<string, string> = { '001': 'Account', '006': 'Opportunity', '00T': 'Task' }

const launch = async (mission: string, recordId: string) => {
  const answer = await admin.send(
    `/missions/${mission}/runs`,
    { subject: { object: OBJECTS[recordId.slice(0, 3)], id: recordId } },
    { headers: { 'idempotency-key': `${mission}-${recordId}` } },
  )
  if (!answer.ok) throw new Error(await answer.text())
}

/** The mission's open decision about the record: other missions look at it as well. */
async function decisionOf(mission: string, recordId: string): Promise<DecisionView> {
  const run = await until(
    `a decision of ${mission}`,
    async () => {
      const found = (await admin.runsAbout(recordId)).find((each) => each.mission === mission)
      return found && ['waiting', 'done', 'failed'].includes(found.status) && found
    },
    60_000,
  )
  if (run.status === 'waiting' && run.decisionId) return admin.decision(run.decisionId)
  throw new Error(JSON.stringify([run, await admin.observations(run.id)]))
}

async function approved(decision: DecisionView, recordId: string): Promise<string[]> {
  expect((await second.approve(decision)).status).toBe(200)
  const run = await runThatIs(admin, recordId, ['done', 'failed'])
  expect([run.status, run.verdict]).toEqual(['done', 'verified'])
  return (await admin.observations(run.id)).map(({ text }) => text)
}

const fieldsOf = async (object: string, id: string, fields: string) =>
  (await admin.query(`SELECT ${fields} FROM ${object} WHERE Id = '${id}'`))[0]

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

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
    const decision = await decisionOf('lead-triage', leadId)
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
    expect((await second.reject(await decisionOf('lead-triage', leadId), 'not-now')).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'rejected'])
    const [lead] = await admin.query(`SELECT Rating, Status FROM Lead WHERE Id = '${leadId}'`)
    expect(lead).toMatchObject({ Rating: null, Status: 'Open - Not Contacted' })
  })
})

describe('stalled opportunity', () => {
  it('gives an opportunity past its close date a next step, a new date and a task', async () => {
    const deal = { Name: 'Quarry cranes', StageName: 'Negotiation/Review', CloseDate: day(-20), Amount: 8000 }
    const id = await admin.create('Opportunity', deal)
    await launch('stalled-opportunity', id)
    const lines = await approved(await decisionOf('stalled-opportunity', id), id)
    expect(lines.join('\n')).toContain('Stalled row 7 applies')
    expect(await fieldsOf('Opportunity', id, 'NextStep, CloseDate')).toMatchObject({
      NextStep: 'Agree a new close date with the customer',
      CloseDate: day(30),
    })
    const [task] = await admin.query(`SELECT Subject, OwnerId FROM Task WHERE WhatId = '${id}'`)
    expect(task).toMatchObject({ Subject: 'Agree a new close date for Quarry cranes' })
  })

  it('leaves one alone that is on its way', async () => {
    const deal = { Name: 'Fresh deal', StageName: 'Prospecting', CloseDate: day(40) }
    const id = await admin.create('Opportunity', deal)
    await launch('stalled-opportunity', id)
    const run = await runThatIs(admin, id, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
  })
})

describe('call outcome', () => {
  it('moves an opportunity on by what a completed call says, and logs the follow-up', async () => {
    const deal = { Name: 'Harbour lights', StageName: 'Qualification', CloseDate: day(50) }
    const opportunityId = await admin.create('Opportunity', deal)
    const call = { Subject: 'Call with buyer', WhatId: opportunityId, TaskSubtype: 'Call' }
    const id = await admin.create('Task', {
      ...call,
      Status: 'Completed',
      Description: 'She asked for a proposal for the team plan.',
    })
    await launch('call-outcome', id)
    const decision = await decisionOf('call-outcome', id)
    const stage = decision.rows.find(({ field }) => field === 'StageName')
    expect(stage?.sourceText).toBe('Out of the text: Task.Description')
    await approved(decision, id)
    expect(await fieldsOf('Opportunity', opportunityId, 'StageName, NextStep')).toMatchObject({
      StageName: 'Proposal/Price Quote',
      NextStep: 'Send the proposal (Team)',
    })
    const tasks = await admin.query(`SELECT Subject FROM Task WHERE WhatId = '${opportunityId}' AND IsClosed = false`)
    expect(tasks).toMatchObject([{ Subject: 'Send the proposal: Harbour lights' }])
  })

  it('takes a denied phrase for none', async () => {
    const opportunityId = await admin.create('Opportunity', {
      Name: 'Denied',
      StageName: 'Qualification',
      CloseDate: day(50),
    })
    const id = await admin.create('Task', {
      Subject: 'Call',
      WhatId: opportunityId,
      Status: 'Completed',
      Description: 'No, they did not ask: nobody wants a proposal.',
    })
    await launch('call-outcome', id)
    const run = await runThatIs(admin, id, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
  })
})

describe('case upkeep', () => {
  it('closes a case whose customer wrote that it is solved, and changes nothing when a person rejects', async () => {
    const about = { Subject: 'Crane stops', Status: 'Working', Origin: 'Email' }
    const ids = await Promise.all([admin.create('Case', about), admin.create('Case', about)])
    for (const id of ids) {
      await admin.create('EmailMessage', {
        ParentId: id,
        Subject: 'Re: Crane',
        TextBody: 'Thanks, it works now!',
        Incoming: true,
        Status: '0',
      })
      await admin.update('Case', id, { Subject: 'Crane stops at noon' })
    }
    const [first = '', other = ''] = ids
    await approved(await decisionOf('case-upkeep', first), first)
    expect(await fieldsOf('Case', first, 'Status, IsClosed')).toMatchObject({ Status: 'Closed', IsClosed: true })
    expect((await second.reject(await decisionOf('case-upkeep', other), 'not-now')).status).toBe(200)
    const run = await runThatIs(admin, other, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'rejected'])
    expect(await fieldsOf('Case', other, 'Status')).toMatchObject({ Status: 'Working' })
  })
})

describe('renewal summary', () => {
  it('writes a brief, a next step and a price for a renewal', async () => {
    const accountId = await admin.create('Account', {
      Name: 'Larkspur Mills',
      Type: 'Customer - Direct',
      Industry: 'Manufacturing',
    })
    const won = {
      Name: 'First order',
      StageName: 'Closed Won',
      CloseDate: day(-300),
      Amount: 12_000,
      AccountId: accountId,
    }
    await admin.create('Opportunity', won)
    const renewal = {
      Name: 'Renewal 2027',
      Type: 'Existing Customer - Renewal',
      StageName: 'Qualification',
      Amount: 24_000,
    }
    const id = await admin.create('Opportunity', { ...renewal, CloseDate: day(20), AccountId: accountId })
    await launch('renewal-summary', id)
    await approved(await decisionOf('renewal-summary', id), id)
    expect(await fieldsOf('Opportunity', id, 'Amount, NextStep')).toMatchObject({
      Amount: 24_960,
      NextStep: 'Send the renewal offer',
    })
    const [task] = await admin.query(`SELECT Description FROM Task WHERE WhatId = '${id}'`)
    expect(String(task?.['Description']).split('\n')).toEqual(
      expect.arrayContaining([
        'Customer',
        '- Larkspur Mills is Customer - Direct, in Manufacturing, owned by Ada Admin.',
        '- 1 won opportunities so far, worth 12000 together.',
        '- No case is open.',
        '- By the pricing rules the price rises by 4 percent, and at most 5 percent may be given off.',
      ]),
    )
  })
})

describe('standardise accounts', () => {
  it('writes country, state, phone, capitals and legal form as the standards say', async () => {
    const written = {
      Name: 'HOLLYHOCK  BRASS INCORPORATED',
      BillingCountry: 'usa',
      BillingState: 'Oregon',
      Phone: '(503) 555-0142',
    }
    const id = await admin.create('Account', written)
    await approved(await decisionOf('standardise-accounts', id), id)
    expect(await fieldsOf('Account', id, 'Name, BillingCountry, BillingState, Phone')).toMatchObject({
      Name: 'Hollyhock Brass Inc',
      BillingCountry: 'United States',
      BillingState: 'OR',
      Phone: '+15035550142',
    })
  })

  it('leaves an account alone that is written so already', async () => {
    const id = await admin.create('Account', { Name: 'Tansy Foods GmbH', BillingCountry: 'Germany' })
    const run = await runThatIs(admin, id, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'nothing to do'])
  })
})

describe('reassign accounts', () => {
  it('gives an account of a user who left to the owner of its territory', async () => {
    const [leaver] = await admin.query("SELECT Id FROM User WHERE Username = 'priya.nair@practice.example'")
    const address = { BillingCountry: 'Germany', OwnerId: leaver!.Id }
    const id = await admin.create('Account', { Name: 'Teasel Works GmbH', ...address })
    await runThatIs(admin, id, ['done', 'failed'])
    await admin.update('User', leaver!.Id, { IsActive: false })
    await launch('reassign-accounts', id)
    await approved(await decisionOf('reassign-accounts', id), id)
    expect(await fieldsOf('Account', id, 'Owner.Name')).toMatchObject({ Owner: { Name: 'Jonas Weber' } })
  })
})
