import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DecisionSummary, DecisionView, ObservationView, RunView } from '../../../server/contract/http.ts'
import { digestOf } from '../../../server/contract/seal.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { until } from '../../support/until.ts'
import { CORP, INC, LEAD, USERS } from '../decisions/acme.ts'
import { unavailable } from '../decisions/fake-salesforce.ts'
import { HOLD_SECONDS, SETTLE_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from './server.ts'

let door: Door

beforeAll(async () => {
  door = await openDoor()
})
beforeEach(() => {
  door.salesforce.answers = {}
  door.salesforce.hidden.clear()
  // Sights are remembered for five minutes.
  door.clock.pass(301)
})

const SECRETS = ['Acme Inc', '+1 617 555 0100', '617 555 0199', '240,000', '240000', '2500000']
const hideFromRep = () => door.salesforce.hide(USERS.rep, INC, 'Opportunity.Amount', 'Account.AnnualRevenue')
const decide = async (facts: LoadedDecision, verb: 'approve' | 'reject', who: 'admin' | 'second' = 'admin') =>
  door.post(who, `/api/v1/decisions/${facts.decision.id}/${verb}`, {
    ...(verb === 'approve' ? { digest: facts.changeSet.digest } : { reason: 'not-now' }),
    decision: await door.token(who, facts, verb),
  })

async function written(): Promise<LoadedDecision> {
  const facts = await door.propose()
  expect((await decide(facts, 'approve')).status).toBe(200)
  door.clock.pass(HOLD_SECONDS)
  await door.advance(facts.run.id)
  door.clock.pass(SETTLE_SECONDS)
  expect((await door.advance(facts.run.id)).verdict).toBe('verified')
  return facts
}

describe('a decision over HTTP', () => {
  it('is listed, shown with a digest that the leaves give, and approved with exactly that', async () => {
    const facts = await door.propose()
    const { items } = await door.json<{ items: DecisionSummary[] }>(
      'admin',
      `/api/v1/decisions?status=open&record=${CORP}`,
    )
    expect(items.map(({ id }) => id)).toContain(facts.decision.id)
    const view = await door.json<DecisionView>('admin', `/api/v1/decisions/${facts.decision.id}`)
    expect(digestOf(view.leaves)).toBe(view.digest)
    expect(view.you.canApprove).toBe(true)
    const answer = await decide(facts, 'approve')
    expect(await answer.json()).toMatchObject({ status: 'approved', approvals: 1, needs: 1 })
    expect((await decide(facts, 'approve')).status).toBe(409)
  })

  it('answers 409 with the version now open when the digest is old', async () => {
    const facts = await door.propose()
    const body = { digest: 'a'.repeat(64), decision: await door.token('admin', facts, 'approve') }
    const response = await door.post('admin', `/api/v1/decisions/${facts.decision.id}/approve`, body)
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({ version: 1, digest: facts.changeSet.digest })
  })

  it('cannot be decided by reading it', async () => {
    const facts = await door.propose()
    for (const path of ['', '/approve', '/reject', '/take-back'])
      await door.get('admin', `/api/v1/decisions/${facts.decision.id}${path}`)
    expect((await door.facts(facts.decision.id)).decision).toMatchObject({ status: 'open', version: 1 })
  })

  it('is not there for somebody who may not read its record, with any verb', async () => {
    const facts = await door.propose()
    door.salesforce.hide(USERS.second, LEAD)
    const at = `/api/v1/decisions/${facts.decision.id}`
    expect((await door.get('second', at)).status).toBe(404)
    expect((await decide(facts, 'reject', 'second')).status).toBe(404)
    expect((await door.get('second', `/api/v1/runs/${facts.run.id}`)).status).toBe(404)
    expect((await door.get('second', `/api/v1/runs/${facts.run.id}/observations`)).status).toBe(404)
    expect(await door.json('second', `/api/v1/decisions?record=${LEAD}`)).toMatchObject({
      items: [],
      erased: [],
      next: null,
    })
  })

  it('is not shown at all while the org cannot say who may see it', async () => {
    const facts = await door.propose()
    door.salesforce.answers = {
      checkVisibility: () => {
        throw unavailable('checkVisibility')
      },
    }
    const response = await door.get('admin', `/api/v1/decisions/${facts.decision.id}`)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    door.salesforce.answers = {}
    expect((await door.get('admin', `/api/v1/decisions/${facts.decision.id}`)).status).toBe(200)
  })
})

describe('a rep who may read neither the loser nor amounts', () => {
  it('finds them neither in list, decision, run, observations, rationale nor stream', async () => {
    hideFromRep()
    const stream = await door.listen('rep', '')
    await until('the stream is live', () => Promise.resolve(stream.text().includes(': live')))
    const { decision, run } = await written()
    const paths = [
      '/api/v1/decisions',
      `/api/v1/decisions/${decision.id}`,
      '/api/v1/runs',
      `/api/v1/runs/${run.id}`,
      `/api/v1/runs/${run.id}/observations`,
      `/api/v1/records/${CORP}/rationale`,
    ]
    const texts = await Promise.all(paths.map(async (path) => (await door.get('rep', path)).text()))
    await until('the verdict is streamed', () => Promise.resolve(stream.text().includes('"verified"')))
    stream.close()
    for (const text of [...texts, stream.text()]) {
      expect(text).toMatch(/Jane Doe|Acme Corp/)
      for (const secret of SECRETS) expect(text).not.toContain(secret)
    }
  })

  it('may ask why the survivor changed, but nothing about a record it may not read', async () => {
    await written()
    const why = async (id: string) => door.get('rep', `/api/v1/records/${id}/rationale`)
    const { items } = (await (await why(CORP)).json()) as { items: { approvedBy: string[]; why: string[] }[] }
    expect(items[0]).toMatchObject({
      approvedBy: ['Ada Admin'],
      why: ['Acme Inc and Acme Corp share a phone (account-merge-policy v1 §Phone)'],
    })
    expect((await why(INC)).status).toBe(200)
    door.salesforce.hide(USERS.rep, CORP, INC)
    door.clock.pass(301)
    expect((await why(CORP)).status).toBe(404)
    expect((await why(INC)).status).toBe(404)
  })
})

describe('the stream', () => {
  it('gives what was missed after the last position, once each and in order, then goes on live', async () => {
    const whole = await door.listen('admin', '')
    await until('the stream is live', () => Promise.resolve(whole.text().includes(': live')))
    const { run } = await written()
    const isVerified = (each: { event: string; data: unknown }) =>
      each.event === 'run' && (each.data as RunView).id === run.id && (each.data as RunView).verdict === 'verified'
    await until('the verdict is streamed', () => Promise.resolve(whole.events.some(isVerified)))
    whole.close()
    // The events of one change have one position, with the last of them: a reader cut off between two misses none.
    const positions = whole.events.flatMap(({ id }) => id ?? [])
    expect(new Set(positions).size).toBe(positions.length)
    const middle = whole.events.findIndex(({ id }, n) => n >= whole.events.length / 2 && id !== undefined)
    const resumed = await door.listen('admin', '', whole.events[middle]?.id)
    // The first reader may have left before the very last event.
    const rest = whole.events.slice(middle + 1)
    await until('the rest has come', () => Promise.resolve(resumed.events.length >= rest.length))
    const replayed = resumed.events.slice(0, rest.length)
    expect(replayed.map(({ event, id }) => [event, id])).toEqual(rest.map(({ event, id }) => [event, id]))
    const next = await door.propose()
    await until('new events follow', () =>
      Promise.resolve(resumed.events.some(({ data }) => (data as ObservationView).runId === next.run.id)),
    )
    resumed.close()
  })

  it('tells a reader whose position is not known here to load again', async () => {
    const stream = await door.listen('admin', '', '999999999.1')
    await until('the reset', () => Promise.resolve(stream.events.some(({ event }) => event === 'reset')))
    await door.propose()
    await until('new events follow', () => Promise.resolve(stream.events.some(({ event }) => event === 'observation')))
    stream.close()
  })

  it('the stream of decisions has decisions only, of a record what is about it, of a run that run', async () => {
    const queue = await door.listen('admin', '?decisions=1')
    const record = await door.listen('admin', `?record=${INC}`)
    const other = await door.listen('admin', '?run=00000000-0000-0000-0000-000000000000')
    for (const each of [queue, record, other])
      await until('live', () => Promise.resolve(each.text().includes(': live')))
    const { run, changeSet } = await door.propose()
    await until('the decision', () => Promise.resolve(queue.events.some(({ event }) => event === 'decision')))
    await until('the record', () => Promise.resolve(record.events.some(({ event }) => event === 'decision')))
    expect(new Set(queue.events.map(({ event }) => event))).toEqual(new Set(['decision']))
    const opened = queue.events.map(({ data }) => data as DecisionSummary).filter(({ runId }) => runId === run.id)
    expect(opened[0]).toMatchObject({ status: 'open', digest: changeSet.digest })
    expect(other.events).toEqual([])
    for (const each of [queue, record, other]) each.close()
  })

  it('is open ten times for one user: the eleventh ends the oldest with renew, and those of others stay', async () => {
    const other = await door.listen('rep', '')
    const mine = []
    for (let n = 0; n < 11; n++) mine.push(await door.listen('auditor', ''))
    const [oldest, ...rest] = mine
    await oldest?.ended
    expect(oldest?.events.map(({ event }) => event)).toEqual(['renew'])
    for (const stream of [...rest, other]) await until('live', () => Promise.resolve(stream.text().includes(': live')))
    for (const stream of [...rest, other]) {
      expect(stream.events.map(({ event }) => event)).not.toContain('renew')
      stream.close()
    }
  })

  it('ends with renew when the token ends', async () => {
    const iat = Math.floor(Date.parse(door.clock.now()) / 1000)
    const stream = await door.listen('admin', '', undefined, { iat: iat - 299, exp: iat + 1 })
    await stream.ended
    expect(stream.events.at(-1)?.event).toBe('renew')
  })
})
