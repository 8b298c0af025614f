// Events reach the brain over a line that breaks, lags and is refused: a lead's run still happens, and once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDecision, runThatIs } from '../support/story.ts'
import { startStack, type Stack } from '../support/stack.ts'
import type { Person } from '../support/person.ts'
import { createTwins, createTwinsLead } from '../support/twins.ts'

const SUBSCRIBE = '/eventbus.v1.PubSub/Subscribe'
const EVENT = { path: SUBSCRIBE, method: 'EVENT' }
const REQUEST = { path: SUBSCRIBE, method: 'POST' }
/** What happens to the event that tells of the lead, and to how many that follow it. */
const FAULTS: [what: string, order: object][] = [
  ['is cut off before it', { mode: 'cut-before', match: EVENT, count: 1 }],
  ['is cut off after it', { mode: 'cut-after', match: EVENT, count: 1 }],
  ['is late', { mode: 'slow', match: EVENT, count: 2, ms: 700 }],
  ['is down', { mode: 'down', match: EVENT, count: 1 }],
  ['ends the session', { mode: 'expire-sessions', match: EVENT, count: 1 }],
  ['has delivered enough for the day', { mode: 'limit', match: EVENT, count: 1 }],
]

let stack: Stack
let admin: Person
beforeAll(async () => {
  stack = await startStack({ size: 5 })
  admin = await stack.as('admin')
})
afterAll(async () => stack?.[Symbol.asyncDispose]())

const lead = (company: string) =>
  admin.create('Lead', {
    Company: company,
    LastName: 'Listener',
    Email: `who@${company.toLowerCase().replaceAll(' ', '-')}.example`,
    Status: 'Open - Not Contacted',
  })

describe('while the event stream', () => {
  const told: string[] = []

  it.each(FAULTS)(
    '%s, the lead that it should have told of gets its run',
    async (what, order) => {
      await stack.faults(order)
      const leadId = await lead(`Nobody Knows ${FAULTS.findIndex(([name]) => name === what)}`)
      const { verdict } = await runThatIs(admin, leadId, ['done', 'waiting', 'failed'], 60_000)
      await stack.faults({ mode: 'clear' })
      expect(verdict).toBe('nothing to do')
      told.push(leadId)
    },
    90_000,
  )

  it('is cut and refused by chance, a merge is proposed, approved and written once', async () => {
    await stack.faults({ mode: 'cut-before', match: EVENT, chance: 0.4, seed: 3 })
    await stack.faults({ mode: 'down', match: REQUEST, chance: 0.3, seed: 4 })
    await createTwins(admin, 'Brokenline Signals')
    const leadId = await createTwinsLead(admin, 'Brokenline Signals')
    const decision = await openDecision(admin, leadId)
    expect((await admin.approve(decision)).status).toBe(200)
    const { verdict } = await runThatIs(admin, leadId, ['done', 'failed'], 60_000)
    await stack.faults({ mode: 'clear' })
    expect(verdict).toBe('verified')
    const receipts = await admin.query(`SELECT Key__c FROM Mission_Receipt__c WHERE Decision__c = '${decision.id}'`)
    expect(receipts.map(({ Key__c }) => Key__c)).toEqual([`${decision.digest}/1`])
    told.push(leadId)
  }, 120_000)

  it('reports that the lead was deleted, its open decision is closed, and the run gives the reason', async () => {
    await createTwins(admin, 'Vanishing Point Optics')
    const leadId = await createTwinsLead(admin, 'Vanishing Point Optics')
    const { id } = await openDecision(admin, leadId)
    await stack.faults({ mode: 'cut-before', match: EVENT, count: 1 })
    await admin.remove('Lead', leadId)
    const { reason } = await runThatIs(admin, leadId, ['cancelled'], 60_000)
    await stack.faults({ mode: 'clear' })
    expect(reason).toBe('The record was deleted or merged away in Salesforce; nothing was changed')
    expect(await admin.decision(id)).toMatchObject({ status: 'superseded' })
  }, 90_000)

  it('has long stood again, no lead has got a second run', async () => {
    const last = await lead('Nobody Knows the Last')
    await runThatIs(admin, last, ['done'], 60_000)
    const counts = await Promise.all([...told, last].map(async (id) => (await admin.runsAbout(id)).length))
    expect(counts).toEqual(Array.from({ length: FAULTS.length + 2 }, () => 1))
  })
})
