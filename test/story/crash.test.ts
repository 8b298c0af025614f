// Kills the brain at ten moments of the main job, starts it again, and compares the org with an undisturbed one.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Child } from '../../server/practice/child.ts'
import { startBrain, startOrg } from '../../server/practice/supervisor.ts'
import type { Transaction } from '../../server/practice-org/src/org/org.ts'
import { signIn, type Person } from '../support/person.ts'
import { freeOptions } from '../support/stack.ts'
import { cameOutOtherwise, openDecision, runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'

/** The org does the n-th call of this stage and never answers it; the brain is killed while it waits. */
const MOMENTS = [
  { stage: 'proposing', call: 1, company: 'Bravura Sails' },
  { stage: 'proposing', call: 2, company: 'Copperleaf Bakery' },
  { stage: 'proposing', call: 3, company: 'Dovetail Joinery' },
  { stage: 'proposing', call: 4, company: 'Everglow Lamps' },
  { stage: 'proposing', call: 5, company: 'Foxglove Seeds' },
  { stage: 'committing', call: 1, company: 'Gannet Fisheries' },
  { stage: 'committing', call: 2, company: 'Hawthorn Cycles' },
  { stage: 'committing', call: 3, company: 'Inkwell Press' },
  { stage: 'committing', call: 4, company: 'Jasper Tiles' },
  { stage: 'committing', call: 5, company: 'Kingfisher Paints' },
] as const

describe('the brain is killed with SIGKILL', () => {
  let options: Awaited<ReturnType<typeof freeOptions>>
  let org: Child
  let brain: Child
  let admin: Person
  let undisturbed: unknown

  const orgUrl = () => `http://localhost:${options.orgPort}`
  const fault = (order: unknown) =>
    fetch(`${orgUrl()}/practice/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    })
  const withheld = async () =>
    ((await (await fetch(`${orgUrl()}/practice/faults`)).json()) as { faults: unknown[] }).faults.length === 0
  const signInAgain = async () => (admin = await signIn(orgUrl(), `http://localhost:${options.brainPort}`, 'admin'))

  beforeAll(async () => {
    options = await freeOptions({ size: 20 })
    org = await startOrg(options)
    brain = await startBrain(options, org)
    await signInAgain()
    undisturbed = await reconcile('Undine Pottery', null)
  })
  afterAll(async () => {
    await brain?.stop(2500)
    await org?.stop(2500)
    rmSync(options.dataDir, { recursive: true, force: true })
  })

  /** Two new accounts that are one company, a lead, an approval; ends when verified. Gives what the org then holds, by name. */
  async function reconcile(name: string, kill: (typeof MOMENTS)[number] | null): Promise<unknown> {
    const accountIds = await twins(name)
    if (kill?.stage === 'proposing') await withhold(kill.call)
    const leadId = await admin.create('Lead', {
      Company: name,
      LastName: 'Crash',
      Email: `crash@${slug(name)}.example`,
      Website: `${slug(name)}.example`,
      State: 'CA',
      Country: 'United States',
      Status: 'Open - Not Contacted',
    })
    if (kill?.stage === 'proposing') await crash()
    const decision = await openDecision(admin, leadId)
    if (kill?.stage === 'committing') await withhold(kill.call)
    expect((await admin.approve(decision)).status).toBe(200)
    if (kill?.stage === 'committing') await crash()
    const run = await runThatIs(admin, leadId, ['done', 'failed'], 60_000)
    return {
      status: run.status,
      verdict: run.verdict,
      org: await orgAbout(name, accountIds, leadId),
      receipts: await receiptsOf(decision.id),
    }
  }

  const withhold = (call: number) =>
    fault({
      mode: 'withhold',
      match: { path: '/services/', client: 'missions' },
      skip: call - 1,
      count: 1,
      ms: 600_000,
    })

  async function crash(): Promise<void> {
    await until('the withheld call', withheld)
    brain.kill()
    await brain.ended
    await fault({ mode: 'clear' })
    brain = await startBrain(options, org)
    await signInAgain()
  }

  async function twins(name: string): Promise<string[]> {
    const n = 20 + [...MOMENTS].findIndex(({ company }) => company === name)
    const shared = {
      Phone: `+1 415 555 01${n}`,
      BillingStreet: `${n * 7} Mission Street`,
      BillingCity: 'San Francisco',
      BillingState: 'CA',
      BillingCountry: 'United States',
      BillingPostalCode: '94105',
    }
    const first = await admin.create('Account', {
      Name: `${name} Inc`,
      Website: `https://www.${slug(name)}.example`,
      Type: 'Customer - Direct',
      Description: 'first',
      ...shared,
    })
    const second = await admin.create('Account', {
      Name: name,
      Website: `${slug(name)}.example`,
      Fax: '415-555-0000',
      ...shared,
    })
    await admin.create('Contact', { LastName: 'One', Email: `one@${slug(name)}.example`, AccountId: first })
    await admin.create('Contact', { LastName: 'Two', Email: `two@${slug(name)}.example`, AccountId: second })
    await admin.create('Opportunity', {
      Name: 'Deal',
      StageName: 'Prospecting',
      CloseDate: '2027-03-01',
      Amount: 5000,
      AccountId: second,
    })
    return [first, second]
  }

  /** What the org holds about the company, with ids replaced by names so that two companies compare. */
  async function orgAbout(name: string, accountIds: string[], leadId: string): Promise<unknown> {
    const ids = `('${accountIds.join("','")}')`
    const read = async (soql: string) => (await admin.query(soql, true)).map(({ attributes: _, ...row }) => row)
    const facts = {
      accounts: await read(
        `SELECT Id, Name, Website, Phone, Fax, Type, Description, BillingCity, IsDeleted, MasterRecordId FROM Account WHERE Id IN ${ids} ORDER BY Name`,
      ),
      contacts: await read(
        `SELECT LastName, AccountId, IsDeleted FROM Contact WHERE AccountId IN ${ids} ORDER BY LastName`,
      ),
      opportunities: await read(`SELECT Name, AccountId, IsDeleted FROM Opportunity WHERE AccountId IN ${ids}`),
      lead: await read(`SELECT Matched_Account__c, IsConverted, Owner.Name FROM Lead WHERE Id = '${leadId}'`),
      tasks: await read(`SELECT Subject, IsDeleted FROM Task WHERE WhoId = '${leadId}'`),
    }
    const [first, second] = accountIds as [string, string]
    return JSON.parse(
      JSON.stringify(facts)
        .replaceAll(first, 'FIRST')
        .replaceAll(second, 'SECOND')
        .replaceAll(slug(name), 'SLUG')
        .replaceAll(name, 'NAME')
        .replace(/\+1 415 555 \d{4}/g, 'PHONE'),
    )
  }

  const receiptsOf = async (decisionId: string) =>
    (await admin.query(`SELECT Id FROM Mission_Receipt__c WHERE Decision__c = '${decisionId}'`)).length

  it('while nothing goes wrong, the run ends verified with one receipt', () => {
    expect(undisturbed).toMatchObject({ status: 'done', verdict: 'verified', receipts: 1 })
  })

  it.each(MOMENTS)(
    'while $stage, between Salesforce call $call and its answer: it resumes to the same org',
    async (moment) => {
      expect(await reconcile(moment.company, moment)).toEqual(undisturbed)
    },
    120_000,
  )

  it('leaves each receipt key exactly once in the org’s transaction log', async () => {
    const { items } = (await (await fetch(`${orgUrl()}/practice/transactions`)).json()) as { items: Transaction[] }
    const keys = items.filter(({ committed, key }) => committed && key).map(({ key }) => key)
    expect(keys.length).toBe(MOMENTS.length + 1)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('leaves records from which every run, cut off or not, comes out the same when it is computed again', async () => {
    expect(await cameOutOtherwise(admin)).toEqual([])
  })
})

const slug = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '')
