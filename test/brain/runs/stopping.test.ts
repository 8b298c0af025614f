// What stands still when an administrator stops language models, or everything.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { openLanguageModel } from '../../../server/brain/adapters/openai/language-model.ts'
import { ScreenedInput } from '../../../server/brain/domain/screening/screened-input.ts'
import { SWITCH } from '../../../server/brain/domain/switch.ts'
import type { PhaseFunction } from '../../../server/brain/runs/phase.ts'
import { advanceRun, type RunnerDeps } from '../../../server/brain/runs/runner.ts'
import { useRunning } from '../store/running.ts'

const house = useRunning()
const set = (key: string, value: string) => house.store.transaction((tx) => tx.setSetting(key, value))

let server: Server | null = null
afterEach(async () => {
  for (const key of Object.values(SWITCH)) await set(key, 'allowed')
  server?.closeAllConnections()
  server?.close()
  server = null
})

/** A model's endpoint that takes a request and never answers. */
async function silentModel() {
  const asked: string[] = []
  const endpoint = createServer((request) => void asked.push(request.url ?? ''))
  server = endpoint
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`
  await house.useModel(openLanguageModel({ baseUrl, model: 'm-1', apiKey: 'key', timeoutMs: 30_000 }), 'Compare.')
  return { asked, endpoint }
}

const every: RunnerDeps['every'] = (seconds, work) => {
  const timer = setInterval(() => void work(), seconds * 1000)
  return () => clearInterval(timer)
}
const runnerWith = (phases: Parameters<typeof house.withPhases>[0]) => ({ ...house.withPhases(phases), every })

const asking: PhaseFunction = async ({ model, tool }) => {
  const reply = await model?.('model', { instructions: 'Compare.', input: new ScreenedInput({}, {}), schema: {} })
  await tool('after', 'getUserInfo', {})
  return { kind: 'next', result: reply }
}

describe('a call of a language model that is under way', () => {
  const stopWhileAsking = async (...keys: string[]) => {
    const { endpoint } = await silentModel()
    const id = await house.start()
    const advanced = advanceRun(runnerWith({ reason: asking }), id)
    const [request] = (await once(endpoint, 'request')) as [IncomingMessage]
    const closed = once(request.socket, 'close')
    for (const key of keys) await set(key, 'stopped')
    const begun = performance.now()
    await closed
    expect(performance.now() - begun).toBeLessThan(1_000)
    return { id, status: await advanced }
  }

  it('is broken off within a second when models are stopped, and the run goes on by its rules', async () => {
    const { id, status } = await stopWhileAsking(SWITCH.model)
    expect(status).toBe('done')
    const journal = await house.store.journal(id)
    expect(journal.find(({ key }) => key === 'model')?.answer).toBe('off')
    expect(house.calls).toEqual(['getUserInfo'])
    expect((await house.store.run(id))?.tokens).toBe(0)
  })

  it('is broken off within a second when everything is stopped, and the run holds', async () => {
    const { id, status } = await stopWhileAsking(SWITCH.reads, SWITCH.writes, SWITCH.model)
    expect(status).toBe('held')
    expect(await house.store.run(id)).toMatchObject({ reason: ['All work is stopped by an administrator'] })
    expect((await house.store.journal(id)).map(({ key }) => key)).not.toContain('model')
    expect(house.calls).toEqual([])
  })
})

it('twenty runs ask neither model nor Salesforce while everything is stopped, and go on when it is started', async () => {
  const { asked } = await silentModel()
  const ids = await Promise.all(Array.from({ length: 20 }, () => house.start()))
  for (const key of Object.values(SWITCH)) await set(key, 'stopped')
  const runner = runnerWith({ read: house.oneCall, reason: asking })
  expect(new Set(await Promise.all(ids.map((id) => advanceRun(runner, id))))).toEqual(new Set(['held']))
  expect([asked, house.calls]).toEqual([[], []])
  await set(SWITCH.reads, 'allowed')
  // Models are still stopped: the rules go on alone.
  for (const id of ids) expect(await advanceRun(runner, id)).toBe('done')
  expect([asked.length, house.calls.length]).toEqual([0, 40])
})
