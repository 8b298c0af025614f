// Nobody is shown what Salesforce would hide from them: everything the brain sends a rep is searched for what the rep may not see.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionSummary, DecisionView, RunView } from '../../server/contract/http.ts'
import { digestOf } from '../../server/contract/seal.ts'
import { listen, type Listening } from '../support/listening.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { openDecision, runThatIs } from '../support/story.ts'
import { until } from '../support/until.ts'

const COMPANY = {
  Phone: '+1 415 555 0182',
  BillingStreet: '7 Harbour Street',
  BillingCity: 'San Francisco',
  BillingState: 'CA',
  BillingPostalCode: '94105',
  BillingCountry: 'United States',
}
const HIDDEN_NAME = 'Zephyr Kiteworks Incorporated'
/** Fields the rep may not see on any record: `41234` is on the rep's own opportunity, `8765432` and `3456789` on accounts. */
const HIDDEN_NUMBERS = ['41234', '73219', '114453', '8765432', '3456789']
const grouped = (digits: string) => digits.replace(/(?<=\d)(?=(\d{3})+$)/g, ',')

describe('a rep who owns the lead but may see neither one of the accounts nor amounts', () => {
  let stack: Stack
  let admin: Person
  let rep: Person
  let stream: Listening
  let everything: Listening
  let fishing: Listening
  let seen: { account: string; opportunity: string }
  let hidden: { account: string; opportunity: string; contact: string }
  let leadId: string
  let decision: DecisionView

  const page = async (person: Person, path: string) => {
    const authorization = `Bearer ${await person.sessionToken()}`
    const response = await fetch(`${stack.brainUrl}/api/v1${path}`, { headers: { authorization } })
    return { status: response.status, text: await response.text() }
  }

  async function companyTwice(repId: string): Promise<void> {
    const about = { ...COMPANY, Website: 'zephyrkiteworks.example' }
    const account = await admin.create('Account', {
      ...about,
      Name: 'Zephyr Kiteworks Inc',
      Type: 'Customer - Direct',
      OwnerId: repId,
      AnnualRevenue: 3456789,
    })
    const deal = { StageName: 'Prospecting', CloseDate: '2027-03-01' }
    const own = { ...deal, Name: 'Zephyr spring order', Amount: 41234, AccountId: account, OwnerId: repId }
    seen = { account, opportunity: await admin.create('Opportunity', own) }
    const loser = await admin.create('Account', {
      ...about,
      Name: HIDDEN_NAME,
      Fax: '415-555-0177',
      Description: 'Wants moleskin trousers',
      AnnualRevenue: 8765432,
    })
    const other = { ...deal, Name: 'Moonlit tender', Amount: 73219, AccountId: loser }
    const person = { LastName: 'Quillfeather', Email: 'quill@zephyrkiteworks.example', AccountId: loser }
    hidden = {
      account: loser,
      opportunity: await admin.create('Opportunity', other),
      contact: await admin.create('Contact', person),
    }
  }

  beforeAll(async () => {
    stack = await startStack()
    admin = await stack.as('admin')
    rep = await stack.as('rep')
    const [user] = await admin.query("SELECT Id FROM User WHERE Username = 'rep@practice.example'")
    await companyTwice(user!.Id)
    everything = await listen(rep, stack.brainUrl)
    stream = await listen(rep, stack.brainUrl, '?decisions=1')
    fishing = await listen(rep, stack.brainUrl, `?record=${hidden.account}`)
    leadId = await rep.create('Lead', {
      Company: 'Zephyr Kiteworks',
      LastName: 'Marlow',
      Email: 'marlow@zephyrkiteworks.example',
      Website: 'zephyrkiteworks.example',
      Phone: COMPANY.Phone,
      State: 'CA',
      Country: 'United States',
      Status: 'Open - Not Contacted',
    })
    decision = await openDecision(admin, leadId)
  })
  afterAll(async () => {
    await Promise.all([everything, stream, fishing].map((each) => each?.close()))
    await stack?.[Symbol.asyncDispose]()
  })

  /** For ever, and what only the hidden account held before its values went to the one the rep owns. */
  const secrets = () => [HIDDEN_NAME, hidden.account.slice(0, 15), ...HIDDEN_NUMBERS, ...HIDDEN_NUMBERS.map(grouped)]
  const secretsBefore = () => [
    ...secrets(),
    ...['Moonlit', 'Quillfeather', '555-0177', 'moleskin'],
    ...[hidden.opportunity.slice(0, 15), hidden.contact.slice(0, 15)],
  ]
  const leaksIn = (text: string, words: string[]) => words.filter((word) => text.includes(word))
  const paths = () => [
    '/decisions',
    `/decisions?record=${leadId}`,
    `/decisions/${decision.id}`,
    '/runs',
    `/runs/${decision.runId}`,
    `/runs/${decision.runId}/observations`,
  ]

  it('is a case in which the administrator is shown all of it', async () => {
    const { text } = await page(admin, `/decisions/${decision.id}`)
    for (const secret of [HIDDEN_NAME, hidden.account, hidden.opportunity, '73,219', '8,765,432', 'moleskin'])
      expect(text).toContain(secret)
    const observed = await page(admin, `/runs/${decision.runId}/observations`)
    expect(observed.text).toContain(HIDDEN_NAME)
  })

  it('finds the decision in the list, and nothing hidden in list, decision, run or observations', async () => {
    const { items } = await rep.get<{ items: DecisionSummary[] }>('/decisions')
    expect(items.map(({ id }) => id)).toContain(decision.id)
    for (const path of paths()) {
      const { status, text } = await page(rep, path)
      expect([path, status, leaksIn(text, secretsBefore())]).toEqual([path, 200, []])
      expect(text).toMatch(/Marlow|Zephyr Kiteworks/)
    }
  })

  it('sees that something is hidden, with a digest that is the approvers’', async () => {
    const view = await rep.decision(decision.id)
    expect(view.hidden).toBeGreaterThan(0)
    expect(digestOf(view.leaves)).toBe(decision.digest)
    expect(view.rights.filter((right) => 'id' in right && right.id === hidden.account)).toEqual([])
    expect(view.you.canApprove).toBe(false)
  })

  it('is not told by asking about the hidden record that it is part of anything', async () => {
    const nothing = {
      '/decisions?record=': { items: [], erased: [], next: null },
      '/runs?record=': { items: [], next: null },
    }
    for (const [path, answer] of Object.entries(nothing)) {
      expect(JSON.parse((await page(rep, path + hidden.account)).text)).toEqual(answer)
      expect((await page(admin, path + hidden.account)).text).toContain(decision.runId)
    }
  })

  it('is not told why the hidden record would change', async () => {
    const { text } = await page(rep, `/records/${hidden.account}/rationale`)
    expect(leaksIn(text, [decision.id, decision.runId, ...secretsBefore()])).toEqual([])
  })

  it('is streamed the run and the decision up to here without anything hidden', async () => {
    await until('the decision is streamed', async () => stream.events.some(({ event }) => event === 'decision'))
    await until('the run is streamed', async () =>
      everything.events.some(({ event, data }) => event === 'run' && (data as RunView).status === 'waiting'),
    )
    expect(everything.events.some(({ event }) => event === 'observation')).toBe(true)
    for (const { text } of [everything, stream]) expect(leaksIn(text(), secretsBefore())).toEqual([])
  })

  it('is told the verdict, and why the survivor changed, still without the merged-away record and amounts', async () => {
    expect((await admin.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    expect([run.status, run.verdict]).toEqual(['done', 'verified'])
    const isVerified = ({ event, data }: Listening['events'][number]) =>
      event === 'run' && (data as RunView).verdict === 'verified'
    await until('the verdict is streamed', async () => everything.events.some(isVerified))
    const after = [...paths(), ...[leadId, seen.account, hidden.account].map((id) => `/records/${id}/rationale`)]
    for (const path of after) {
      const { text } = await page(rep, path)
      expect([path, leaksIn(text.replaceAll(path, ''), secrets())]).toEqual([path, []])
    }
    expect((await page(rep, `/records/${seen.account}/rationale`)).text).toContain(decision.id)
    for (const { text } of [everything, stream]) expect(leaksIn(text(), secrets())).toEqual([])
    expect(fishing.events).toEqual([])
  })
})
