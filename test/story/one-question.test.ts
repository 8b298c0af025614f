// One question about one set of accounts, on the whole product: what hangs on it, and what follows its answer.
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionSummary, RunView } from '../../server/contract/http.ts'
import { hasEnded } from '../../server/contract/states.ts'
import type { Person } from '../support/person.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { cameOutOtherwise, openDecision } from '../support/story.ts'
import { until } from '../support/until.ts'

let stack: Stack
let admin: Person
let second: Person

beforeAll(async () => {
  stack = await startStack()
  ;[admin, second] = await Promise.all([stack.as('admin'), stack.as('second')])
}, 120_000)
afterAll(() => stack?.[Symbol.asyncDispose]())

/** Two accounts of one company, and its leads. */
async function company(name: string) {
  const domain = `${name.toLowerCase().replaceAll(' ', '')}.com`
  const address = { BillingCity: 'Boston', BillingState: 'MA', BillingCountry: 'United States' }
  const a = await admin.create('Account', {
    Name: `${name}, Inc.`,
    Website: domain,
    Phone: '(617) 555-0142',
    ...address,
  })
  const b = await admin.create('Account', {
    Name: name,
    Website: `www.${domain}`,
    Phone: '+1 617 555 0142',
    ...address,
  })
  const lead = (last = 'Doe') => admin.create('Lead', { LastName: last, Company: name, Website: domain })
  return { a, b, lead }
}

const openAbout = async (record: string) =>
  (await admin.decisionsAbout(record)).filter(({ status }) => status === 'open')
/** Polls once a second: a person may ask so often, and no more. */
const seen = <T>(what: string, look: () => Promise<T | false | null | undefined>, withinMs = 60_000): Promise<T> =>
  until(what, async () => (await setTimeout(1_000), look()), withinMs)
/** The newest run about each of these leads. */
const runsOf = async (leads: readonly string[]) => {
  const { items } = await admin.get<{ items: RunView[] }>('/runs?limit=100')
  return leads.map((lead) => items.find(({ subject }) => subject?.id === lead))
}
const openOf = async (leads: readonly string[]) => {
  const { items } = await admin.get<{ items: DecisionSummary[] }>('/decisions?status=open&limit=100')
  return items.filter(({ subject }) => leads.includes(subject.id))
}
const linkOf = async (lead: string) =>
  (await admin.query(`SELECT Matched_Account__c FROM Lead WHERE Id = '${lead}'`))[0]?.Matched_Account__c
const merges = ({ changeSet }: Awaited<ReturnType<typeof openDecision>>) =>
  changeSet.operations.filter(({ kind }) => kind === 'merge').length

/** No decision about the lead is open, and no run about it is under way. */
const isSettled = async (lead: string) => {
  const [newest] = await admin.runsAbout(lead)
  return newest !== undefined && hasEnded(newest.status) && (await openAbout(lead)).length === 0
}
const hanging = (lead: string) =>
  seen('a run that hangs', async () => {
    const [run] = await admin.runsAbout(lead)
    return run?.phase === 'decide' && run.decisionId === null && run
  })

describe('leads of one company', () => {
  it('that come at once make one question, and the rest reach the account that is left by themselves', async () => {
    const { a, b, lead } = await company('Kidwelly Nets')
    const leads = await Promise.all(Array.from({ length: 8 }, (_, n) => lead(`Number ${n}`)))
    const first = await seen(
      'one decision is open, and the others hang',
      async () => {
        const runs = await runsOf(leads)
        const asking = runs.filter((run) => run?.status === 'waiting')
        const waiting = runs.filter((run) => run?.phase === 'decide' && run.status === 'running')
        return asking.length === 1 && waiting.length === 7 && asking[0]
      },
      60_000,
    )
    expect(await openAbout(a)).toHaveLength(1)
    const decision = await admin.decision(first.decisionId!)
    expect(merges(decision)).toBe(1)
    expect((await second.approve(decision)).status).toBe(200)
    const others = leads.filter((each) => each !== first.subject?.id)
    const next = await seen(
      'every other lead asks to be linked',
      async () => {
        const open = await openOf(others)
        return open.length === others.length && open
      },
      60_000,
    )
    const views = await Promise.all(next.map(({ id }) => admin.decision(id)))
    expect(views.map(merges)).toEqual(views.map(() => 0))
    expect((await second.approve(views[0]!)).status).toBe(200)
    await seen('it is linked', async () => [a, b].includes(String(await linkOf(views[0]!.subject.id))), 30_000)
  }, 180_000)

  it('ask nothing again that a person rejected for now', async () => {
    const { lead } = await company('Conwy Lamps')
    const first = await lead()
    const decision = await openDecision(admin, first)
    const other = await lead('Second')
    await hanging(other)
    expect((await second.reject(decision, 'not-now')).status).toBe(200)
    await seen('both are over', async () => (await isSettled(first)) && (await isSettled(other)), 30_000)
    expect((await admin.runsAbout(other))[0]?.verdict).toBe('nothing to do')
  }, 90_000)

  it('are asked about anew when the lead of the open question is deleted', async () => {
    const { lead } = await company('Llanberis Slates')
    const first = await lead()
    await openDecision(admin, first)
    const other = await lead('Second')
    await hanging(other)
    await admin.remove('Lead', first)
    await seen('the other one asks', async () => (await openAbout(other)).length === 1, 30_000)
    expect(await openAbout(first)).toEqual([])
  }, 90_000)

  it('are asked about no more once a person said that the two are not the same', async () => {
    const { a, b, lead } = await company('Rhayader Mills')
    const first = await lead()
    const decision = await openDecision(admin, first)
    expect(merges(decision)).toBe(1)
    const other = await lead('Second')
    await hanging(other)
    expect((await second.reject(decision, 'not-the-same')).status).toBe(200)
    await seen('the first is over', () => isSettled(first))
    const [pair] = [a, b].sort()
    const kept = await admin.query(
      `SELECT Record__c, Other__c, Reason__c, By__c, Decision__c FROM Mission_Exclusion__c WHERE Record__c = '${pair}'`,
    )
    expect(kept).toMatchObject([{ Other__c: [a, b].sort()[1], Reason__c: 'not-the-same', Decision__c: decision.id }])
    const third = await lead('Third')
    for (const each of [other, third]) {
      await seen('it is thought through again', async () => {
        const [run] = await admin.runsAbout(each)
        return run && (run.status === 'waiting' || hasEnded(run.status))
      })
      for (const { id } of await openAbout(each)) expect(merges(await admin.decision(id))).toBe(0)
    }
  }, 120_000)

  it('are thought through the same when they are computed again', async () => {
    expect(await cameOutOtherwise(await stack.as('auditor'))).toEqual([])
  }, 60_000)
})
