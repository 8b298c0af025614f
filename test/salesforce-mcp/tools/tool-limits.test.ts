// What salesforce-mcp enforces of its manifest: time, rate, rows and bytes of each tool, tried one above what a row allows.
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterEach, describe, expect, it } from 'vitest'
import type { ToolLimits, ToolManifest } from '../../../server/contract/tool-manifest.ts'
import { toolManifest } from '../../../server/contract/tool-manifest.ts'
import { tools, type ToolName } from '../../../server/contract/tools.ts'
import { RUN_META, USER_META } from '../../../server/contract/tool-error.ts'
import { callTool, ToolErrorAnswer } from '../calling.ts'
import { openScriptedHouse, type ScriptedHouse } from '../scripted-house.ts'

const idOf = (n: number) => `001${String(n).padStart(12, '0')}AAA`
const rows = (count: number, website = '') =>
  Array.from({ length: count }, (_, n) => ({
    attributes: { type: 'Account', url: `/x/${idOf(n)}` },
    Id: idOf(n),
    Website: website,
  }))

let house: ScriptedHouse
let grant: string

async function open(tool: ToolName, limits: Partial<ToolLimits>, now?: () => Date): Promise<void> {
  const row = toolManifest[tool]
  if (!row) throw new Error(`${tool} has no row`)
  const manifest: ToolManifest = { ...toolManifest, [tool]: { ...row, limits: { ...row.limits, ...limits } } }
  house = await openScriptedHouse({ manifest, ...(now && { now }) })
  grant = await house.open()
}
afterEach(() => house.close())

const query = (client: Client = house.client) =>
  callTool(client, 'soqlQuery', { grant, queries: ['SELECT Id, Website FROM Account'] })
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'answered',
    (error: unknown) => (error instanceof ToolErrorAnswer ? error.error : error),
  )

describe('a tool of salesforce-mcp', () => {
  it('is refused the call above its rate, and allowed again a minute after', async () => {
    let now = Date.now()
    await open('soqlQuery', { perMinute: 3 }, () => new Date(now))
    for (let n = 0; n < 3; n += 1) await query()
    const asked = house.org.queries.length
    expect(await codeOf(query())).toMatchObject({ code: 'too-many', retryable: true })
    expect(house.org.queries).toHaveLength(asked)
    now += 59_000
    expect(await codeOf(query())).toMatchObject({ code: 'too-many' })
    now += 1_001
    expect(await codeOf(query())).toBe('answered')
  })

  it('answers as many rows as it may, and not one more', async () => {
    await open('soqlQuery', { rows: 5 })
    house.org.script = { query: () => rows(4) }
    // One entry is the query's own.
    expect((await query()).results[0]?.records).toHaveLength(4)
    house.org.script = { query: () => rows(5) }
    expect(await codeOf(query())).toMatchObject({
      code: 'too-large',
      retryable: false,
      message: 'soqlQuery may answer 5 rows, and found 6',
    })
  })

  it('answers as many bytes as it may, and none of fifty megabytes', async () => {
    await open('soqlQuery', { bytes: 20_000 })
    house.org.script = { query: () => rows(1, 'x'.repeat(19_000)) }
    expect(await codeOf(query())).toBe('answered')
    house.org.script = { query: () => rows(500, 'x'.repeat(100_000)) }
    expect(await codeOf(query())).toMatchObject({ code: 'too-large' })
    house.org.script = {}
    expect(await codeOf(query())).toBe('answered')
  })

  it('ends at its time, asks the org nothing more, and leaves the others answering', async () => {
    await open('findDuplicates', { ms: 200 })
    let reached = () => {}
    const first = new Promise<void>((resolve) => (reached = resolve))
    house.org.script = { search: () => new Promise(() => reached()) }
    const like = { words: ['Acme'], domains: [], phones: [] }
    const input = { grant, object: 'Account' as const, like, fields: ['Website'], createdSince: '2026-11-22T10:00:00Z' }
    const begun = performance.now()
    const answer = codeOf(callTool(house.client, 'findDuplicates', { ...input, atMost: 5 }))
    await first
    expect(await codeOf(query())).toBe('answered')
    expect(await answer).toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: 'findDuplicates did not answer within 200 ms',
    })
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('can be neither listed nor called without a row', async () => {
    const { find: _gone, ...manifest } = toolManifest
    house = await openScriptedHouse({ manifest })
    grant = await house.open()
    const listed = (await house.client.listTools()).tools.map(({ name }) => name)
    expect(listed).toHaveLength(Object.keys(tools).length - 1)
    expect(listed).not.toContain('find')
    const find = { grant, term: 'Acme', objects: [{ name: 'Account', fields: ['Website'], limit: 1 }] }
    expect(await codeOf(callTool(house.client, 'find', find))).toMatchObject({ code: 'bad-request' })
    expect(await codeOf(callTool(house.client, 'toString' as ToolName, {} as never))).toMatchObject({
      code: 'bad-request',
    })
  })

  it('that is refused is reported with tool, rule, run and user, and nothing of what was sent', async () => {
    const refusals: unknown[] = []
    house = await openScriptedHouse({ onRefused: (refusal) => void refusals.push(refusal) })
    grant = await house.open()
    await codeOf(callTool(house.client, 'soqlQuery', { grant, queries: ['SELECT SECRET FROM Account'] }, 'run-7'))
    for (const user of ['005000000000001AAA', 'SECRET'])
      await house.client.callTool({
        name: 'acceptDecision',
        arguments: { token: 'SECRET' },
        _meta: { [USER_META]: user, [RUN_META]: 'run-8' },
      })
    await codeOf(callTool(house.client, 'SECRET' as ToolName, {} as never))
    expect(refusals).toEqual([
      { tool: 'soqlQuery', rule: 'not-granted', runId: 'run-7', userId: null, isBreach: false },
      { tool: 'acceptDecision', rule: 'refused', runId: 'run-8', userId: '005000000000001AAA', isBreach: false },
      { tool: 'acceptDecision', rule: 'refused', runId: 'run-8', userId: null, isBreach: false },
      { tool: 'unknown', rule: 'bad-request', runId: null, userId: null, isBreach: false },
    ])
  })
})
