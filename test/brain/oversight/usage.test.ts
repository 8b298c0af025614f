// Tokens and money by user, run, mission and role: the sums of each add up to the same total, over HTTP and on every view.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelCall } from '../../../server/brain/domain/model-call.ts'
import { microsOf } from '../../../server/contract/values/money.ts'
import { USERS } from '../decisions/acme.ts'
import { answerIn } from '../decisions/answering.ts'
import { HOLD_SECONDS, SETTLE_SECONDS } from '../decisions/world.ts'
import { openDoor, type Door } from '../http/server.ts'

interface Used {
  calls: number
  inputTokens: number
  outputTokens: number
  costs: { amount: string; currency: string }[]
}
interface Shown {
  items: (Used & { key: string | null })[]
  rest: Used & { keys: number }
  total: Used
}

let door: Door
beforeAll(async () => {
  door = await openDoor({}, () => ({ metrics: new Registry() }))
  await door.store.transaction(async (tx) => {
    for (const call of calls()) await tx.addModelCall(call)
  })
})

const someCall = (n: number): ModelCall => ({
  at: door.clock.now(),
  runId: `run-${n}`,
  mission: n % 3 === 0 ? 'rare' : 'tidy',
  phase: 'reason',
  key: 'model',
  by: n % 4 === 0 ? null : n % 2 === 0 ? USERS.admin : USERS.manager,
  role: n % 4 === 0 ? null : n % 2 === 0 ? 'Administer_Missions' : 'Launch_Missions',
  route: 'change Lead.created',
  queryDigest: 'd'.repeat(64),
  release: 1,
  asked: 'm-1',
  answered: 'm-1',
  outcome: 'answered',
  inputTokens: 100 + n,
  outputTokens: n,
  milliseconds: 10,
  costMicros: 250 + n,
  currency: n % 50 === 49 ? 'USD' : 'EUR',
  injectionSigns: [],
})
/** More runs than are listed by themselves. */
const calls = () => Array.from({ length: 230 }, (_, n) => someCall(n))

const usage = (by: string, query = '') => door.json<Shown>('auditor', `/api/v1/oversight/usage?by=${by}${query}`)
const added = (parts: readonly Used[]) => {
  const costs = new Map<string, number>()
  for (const { costs: some } of parts)
    for (const { amount, currency } of some) costs.set(currency, (costs.get(currency) ?? 0) + microsOf(amount))
  const sum = (of: (part: Used) => number) => parts.reduce((total, part) => total + of(part), 0)
  return [sum((part) => part.calls), sum((part) => part.inputTokens), sum((part) => part.outputTokens), costs]
}

describe('the use of language models', () => {
  it.each([
    ['mission', 2],
    ['user', 3],
    ['role', 3],
    ['run', 200],
  ])('by %s adds up to the total', async (by, keys) => {
    const { items, rest, total } = await usage(by)
    expect(items).toHaveLength(keys)
    expect(new Set(items.map(({ key }) => key)).size).toBe(keys)
    expect(rest.keys).toBe(by === 'run' ? 30 : 0)
    const sum = (of: (call: ModelCall) => number) => calls().reduce((all, call) => all + of(call), 0)
    const costIn = (currency: string) => sum((call) => (call.currency === currency ? call.costMicros : 0))
    const expected = [
      230,
      sum(({ inputTokens }) => inputTokens),
      sum(({ outputTokens }) => outputTokens),
      new Map([
        ['EUR', costIn('EUR')],
        ['USD', costIn('USD')],
      ]),
    ]
    expect(added([...items, rest])).toEqual(expected)
    expect(added([total])).toEqual(expected)
  })

  it('is bounded by time, and shown to administrators and auditors only', async () => {
    const now = door.clock.now()
    expect((await usage('mission', `&to=${now}`)).total.calls).toBe(0)
    expect((await usage('mission', `&from=${now}`)).total.calls).toBe(230)
    expect((await door.get('rep', '/api/v1/oversight/usage')).status).toBe(403)
    expect((await door.get('auditor', '/api/v1/oversight/usage?by=team')).status).toBe(400)
  })

  it('is on /metrics by mission, currency and role', async () => {
    const lines = (await (await fetch(`${door.url}/metrics`)).text()).split('\n')
    const valueOf = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}{`)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    const { total } = await usage('mission')
    const money = total.costs.reduce((sum, { amount }) => sum + Number(amount), 0)
    expect(valueOf('missions_model_cost_total')).toBeCloseTo(money, 6)
    expect(valueOf('missions_model_role_tokens_total')).toBe(total.inputTokens + total.outputTokens)
  })
})

describe('what a run cost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'missions-cost-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is on the run, in the register, and proved by its evidence pack', async () => {
    const facts = await door.propose()
    const { runId } = facts.decision
    await door.store.transaction((tx) => tx.updateRun(runId, { tokens: 1234, costMicros: 12_500, currency: 'EUR' }))
    await answerIn(door)(facts, 'admin', 'approve')
    for (const seconds of [HOLD_SECONDS, SETTLE_SECONDS, 0]) {
      door.clock.pass(seconds)
      await door.advance(runId)
    }
    const cost = { amount: '0.0125', currency: 'EUR' }
    expect(await door.json('auditor', `/api/v1/runs/${runId}`)).toMatchObject({ tokens: 1234, cost })
    expect(await door.json('auditor', '/api/v1/register')).toMatchObject({ items: [{ runId, cost }] })
    const csv = await fetch(`${door.url}/api/v1/register`, {
      headers: { authorization: `Bearer ${await door.session('auditor')}`, accept: 'text/csv' },
    })
    expect(await csv.text()).toContain(',0.0125,EUR,')
    await door.store.checkpoint()
    const pack = await door.get('auditor', `/api/v1/runs/${runId}/evidence`)
    mkdirSync(join(folder, 'pack'))
    execFileSync('tar', ['-xf', '-', '-C', join(folder, 'pack')], { input: Buffer.from(await pack.arrayBuffer()) })
    expect(JSON.parse(readFileSync(join(folder, 'pack', 'run.json'), 'utf8'))).toMatchObject({
      models: { tokens: 1234, cost: '0.0125', currency: 'EUR' },
    })
  })

  it('is nothing where no model was paid for', async () => {
    const { decision } = await door.propose()
    expect(await door.json('auditor', `/api/v1/runs/${decision.runId}`)).toMatchObject({ tokens: 0, cost: null })
  })
})
