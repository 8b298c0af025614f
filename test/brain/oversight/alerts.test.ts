// Every metric that an alert names is on /metrics, and shows what the database holds.
import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { threadCounts } from '../../../server/brain/boot/threads/counts.ts'
import type { ModelCall } from '../../../server/brain/domain/model-call.ts'
import { openDoor, type Door } from '../http/server.ts'

const Rules = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smhd]$/)
            .optional(),
          annotations: z.strictObject({ summary: z.string().min(10) }),
        }),
      ),
    }),
  ),
})
const rules = Rules.parse(parse(readFileSync('docs/alerts.yaml', 'utf8'))).groups.flatMap(({ rules: own }) => own)
const named = (expr: string) => [...expr.matchAll(/\bmissions_\w+/g)].map(([name]) => name)

let door: Door
const metrics = new Registry()
beforeAll(async () => {
  door = await openDoor({}, () => ({ metrics }))
  threadCounts(metrics)
})
const scrape = async () => (await fetch(`${door.url}/metrics`)).text()
const valueOf = async (line: string) => {
  const found = (await scrape()).split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? null : Number(found.slice(line.length + 1))
}

const call = (change: Partial<ModelCall> = {}): ModelCall => ({
  at: door.clock.now(),
  runId: 'r',
  mission: 'tidy',
  phase: 'reason',
  key: 'model',
  by: null,
  route: 'change Lead.created',
  queryDigest: 'd'.repeat(64),
  release: 1,
  role: null,
  costMicros: 0,
  currency: null,
  asked: 'm-1',
  answered: 'm-1',
  outcome: 'answered',
  inputTokens: 100,
  outputTokens: 10,
  milliseconds: 1500,
  injectionSigns: [],
  ...change,
})

describe('docs/alerts.yaml', () => {
  it('has rules with names of their own', () => {
    expect(rules.length).toBeGreaterThan(15)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  it.each(rules.map(({ alert, expr }) => [alert, expr] as const))(
    '%s names metrics that are there',
    async (_, expr) => {
      const known = new Set((await metrics.getMetricsAsJSON()).map(({ name }) => name))
      expect(named(expr).length).toBeGreaterThan(0)
      expect(named(expr).filter((name) => !known.has(name))).toEqual([])
    },
  )
})

describe('/metrics', () => {
  it('shows how long runs are held and decisions wait, and what is stopped', async () => {
    const { decision } = await door.propose()
    door.clock.pass(60)
    await door.store.transaction(async (tx) => {
      await tx.updateRun(decision.runId, { status: 'running' })
      await tx.updateRun(decision.runId, { status: 'held' })
      await tx.setSetting('writes', 'stopped')
    })
    door.clock.pass(30)
    expect(await valueOf('missions_oldest_open_decision_seconds')).toBe(90)
    expect(await valueOf('missions_oldest_held_run_seconds')).toBe(30)
    expect(await valueOf('missions_stopped{what="writes"}')).toBe(1)
    expect(await valueOf('missions_stopped{what="model"}')).toBe(0)
    expect(await valueOf('missions_database_up')).toBe(1)
  })

  it('shows calls, tokens, time, signs and other models, by mission, and their sums are those of the rows', async () => {
    const calls = [
      call(),
      call({ answered: 'm-1-2026-01-01', injectionSigns: ['role', 'override'] }),
      call({ answered: 'other' }),
      call({ mission: 'rare', inputTokens: 7, outputTokens: 0 }),
      call({ outcome: 'failed', answered: null, inputTokens: 0, outputTokens: 0 }),
    ]
    await door.store.transaction(async (tx) => {
      for (const each of calls) await tx.addModelCall(each)
      await tx.addModelClaims({ id: 'r', mission: 'tidy' }, { agreed: 4, disagreed: 2, dropped: 1 })
    })
    const tidy = 'mission="tidy",outcome="answered"'
    expect(await valueOf(`missions_model_calls_total{${tidy}}`)).toBe(3)
    expect(await valueOf('missions_model_calls_total{mission="tidy",outcome="failed"}')).toBe(1)
    expect(await valueOf(`missions_model_seconds_total{${tidy}}`)).toBe(4.5)
    expect(await valueOf(`missions_injection_signs_total{${tidy}}`)).toBe(2)
    expect(await valueOf(`missions_model_answered_by_another_total{${tidy}}`)).toBe(1)
    expect(await valueOf('missions_model_claims_total{mission="tidy",claim="disagreed"}')).toBe(2)
    expect(await valueOf('missions_model_claims_total{mission="tidy",claim="dropped"}')).toBe(1)
    const shown = (await scrape()).split('\n').filter((line) => line.startsWith('missions_model_tokens_total{'))
    const total = calls.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0)
    expect(shown.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)).toBe(total)
  })

  it('tells an hour of ten times the usual runs from a usual one', async () => {
    const runs = await door.store.runs({ limit: 1000 })
    const mission = runs[0]?.mission ?? ''
    expect(await valueOf(`missions_runs_last_hour{mission="${mission}"}`)).toBe(runs.length)
    expect(await valueOf(`missions_runs_hourly_mean{mission="${mission}"}`)).toBe(0)
    door.clock.pass(2 * 3600)
    expect(await valueOf(`missions_runs_last_hour{mission="${mission}"}`)).toBe(0)
    expect(await valueOf(`missions_runs_hourly_mean{mission="${mission}"}`)).toBeCloseTo(runs.length / 168)
  })

  it('leaves old figures out, and says so, while the database does not answer', async () => {
    const figures = door.store.figures
    Object.assign(door.store, { figures: () => Promise.reject(new Error('away')) })
    expect(await valueOf('missions_database_up')).toBe(0)
    expect(await valueOf('missions_queue_length')).toBeNull()
    Object.assign(door.store, { figures })
    expect(await valueOf('missions_queue_length')).not.toBeNull()
  })
})
