// No secret of any process is in what a model is asked, in a tool's arguments, in a log, an answer or a row.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SettableClock } from '../../server/brain/adapters/clock.ts'
import { sortableIds } from '../../server/brain/adapters/ids.ts'
import { openReads } from '../../server/brain/adapters/postgres/store.ts'
import { addCaller, makeAnswerKey } from '../../scripts/door/door-keys.ts'
import { HTTP_SCOPES, JOBS_SCOPES } from '../../server/contract/call-token.ts'
import { activateMissions, toActivate } from '../../server/practice/activate.ts'
import { startChild, type Child } from '../../server/practice/child.ts'
import type { Options } from '../../server/practice/options.ts'
import { brainProcess, brainUrl, orgUrl } from '../../server/practice/processes.ts'
import { startOrg } from '../../server/practice/supervisor.ts'
import { found, lineOf } from '../support/canaries.ts'
import { freePort } from '../support/free-port.ts'
import { signIn, type Person } from '../support/person.ts'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { recordingProxy, type RecordingProxy } from '../support/recording-proxy.ts'
import { freeOptions } from '../support/stack.ts'
import { openDecision, runThatIs, tellStory } from '../support/story.ts'
import { followStream } from '../support/stream.ts'
import { until } from '../support/until.ts'

const secret = () => `canary-${randomBytes(18).toString('base64url')}`
const API_KEY = secret()
const PASSWORD = secret()

/** A model's endpoint that keeps what it is asked, and has no opinion. */
async function modelEndpoint(): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (piece: Buffer) => (text += piece.toString()))
    request.on('end', () => {
      asked.push(text)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: '{"pairs":[]}' } }] }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked, server }
}

describe.runIf(hasPostgres())('secrets of every process', () => {
  const canaries = new Map([
    ['key of the model', API_KEY],
    ['password of the database', PASSWORD],
  ])
  const answers: string[] = []
  const closing: (() => unknown)[] = []
  let postgres: PostgresServer | null = null
  let options: Options
  let admin: Person
  let model: Awaited<ReturnType<typeof modelEndpoint>>
  let tools: RecordingProxy
  let logins: RecordingProxy
  let mcpLog = ''

  /** A key file with random digits, kept as a canary. */
  const keyFile = (name: string) => {
    const file = join(options.dataDir, 'keys', name)
    const text = randomBytes(32).toString('hex')
    writeFileSync(file, text)
    canaries.set(name, text)
    return file
  }

  function startMcp(env: Record<string, string>): ChildProcess {
    const child = spawn(process.execPath, ['server/salesforce-mcp/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (mcpLog += piece))
    return child
  }

  async function startBrain(org: Child): Promise<void> {
    const all = { ...brainProcess(options, String(org.ready.orgId)).env }
    const url = new URL(postgres?.url ?? '')
    url.password = PASSWORD
    const port = String(await freePort())
    const seen = { ...all, SF_LOGIN_URL: logins.url, SF_AUDIENCE: orgUrl(options) }
    const pem = (name: string) => join(options.dataDir, 'keys', name)
    const callersFile = pem('callers.json')
    const [answerKeyFile, callerKeyFile] = [pem('answers.pem'), pem('caller.pem')]
    const answerFile = makeAnswerKey(answerKeyFile)
    const scopes = [...new Set([...HTTP_SCOPES, ...JOBS_SCOPES])]
    addCaller({ name: 'brain', scopes, days: 1, keyFile: callerKeyFile, callersFile }, new Date())
    const door = { SALESFORCE_MCP_CALLERS_FILE: callersFile, SALESFORCE_MCP_ANSWER_KEY_FILE: answerKeyFile }
    tools = await recordingProxy(`http://127.0.0.1:${port}`, { passesHost: true })
    const seal = { SALESFORCE_MCP_SEAL_KEY_FILE: keyFile('seal.key'), SALESFORCE_MCP_PORT: port }
    const hosts = { SALESFORCE_MCP_ALLOWED_HOSTS: new URL(tools.url).host }
    const mcp = startMcp({ PATH: process.env.PATH ?? '', ...seen, ...door, ...seal, ...hosts })
    closing.push(
      () => mcp.kill('SIGKILL'),
      () => tools[Symbol.asyncDispose](),
    )
    await until('salesforce-mcp listens', () => Promise.resolve(mcpLog.includes('listens on')))
    const withoutWriter = Object.entries(seen).filter(([name]) => !name.startsWith('SF_WRITER_'))
    const brain = await startChild({
      ...brainProcess(options, String(org.ready.orgId)),
      env: {
        ...Object.fromEntries(withoutWriter),
        SALESFORCE_MCP_CALLER: 'brain',
        SALESFORCE_MCP_KEY_FILE: callerKeyFile,
        SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: answerFile,
        DATABASE_URL: url.href,
        SALESFORCE_MCP_URL: `${tools.url}/mcp`,
        BODY_KEY_FILE: keyFile('body.key'),
        LLM_BASE_URL: model.url,
        LLM_MODEL: 'm-1',
        LLM_API_KEY: API_KEY,
        LOG_LEVEL: 'debug',
      },
    })
    closing.push(() => brain.stop(2_500))
  }

  beforeAll(async () => {
    postgres = await startPostgres()
    options = await freeOptions({ size: 5 })
    model = await modelEndpoint()
    const org = await startOrg(options)
    logins = await recordingProxy(orgUrl(options))
    closing.push(
      () => org.stop(2_500),
      () => logins[Symbol.asyncDispose](),
    )
    await startBrain(org)
    await activateMissions(orgUrl(options), brainUrl(options), toActivate(options))
    admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
    for (const name of ['missions-reader.pem', 'missions-writer.pem', 'checkpoint.pem', 'answers.pem', 'caller.pem'])
      canaries.set(name, lineOf(readFileSync(join(options.dataDir, 'keys', name), 'utf8')))
  }, 120_000)

  afterAll(async () => {
    for (const close of closing.reverse()) await close()
    model?.server.close()
    await postgres?.stop()
    if (options) rmSync(options.dataDir, { recursive: true, force: true })
  })

  async function read(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${await admin.sessionToken()}` }
    const response = await fetch(`${brainUrl(options)}${path}`, { headers })
    answers.push(`${path} ${response.status} ${await response.text()}`)
  }

  /** Every row of every table, jobs of the queue too, and what of the runs is stored under their keys. */
  async function rows(runIds: readonly string[]): Promise<string> {
    const pool = new pg.Pool({ connectionString: postgres?.url ?? '' })
    const tables = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^(pg_|information_schema)'`,
    )
    const all: unknown[] = []
    for (const { name } of tables.rows) all.push(name, (await pool.query(`select t::text from ${name} t`)).rows)
    const clock = new SettableClock()
    const bodyKey = Buffer.from(canaries.get('body.key') ?? '', 'hex')
    const orgId =
      (await pool.query<{ org_id: string }>('select org_id from missions.run limit 1')).rows[0]?.org_id ?? ''
    const reads = openReads(pool, { orgId, bodyKey, clock, ids: sortableIds(clock) })
    for (const id of runIds) {
      all.push(await reads.run(id), await reads.journal(id), await reads.observations(id, null, 100))
    }
    await pool.end()
    return JSON.stringify(all)
  }

  /** Tokens that the org gave to the brain, to salesforce-mcp and to the person. */
  const withTokens = async () => {
    const given = logins.answered.flatMap((text) => /"access_token":\s*"([^"]+)"/.exec(text)?.[1] ?? [])
    expect(given.length).toBeGreaterThanOrEqual(2)
    const tokens = [...given, admin.orgToken, await admin.sessionToken()].map(
      (token, n) => [`token ${n}`, token] as const,
    )
    return new Map([...canaries, ...tokens])
  }

  it('are in nothing of a run from its lead to its verdict', async () => {
    const stream = await followStream(brainUrl(options), admin, '?decisions=1')
    const leadId = await tellStory({ as: () => Promise.resolve(admin) }, 'two-accounts-one-company')
    const decision = await openDecision(admin, leadId)
    expect((await admin.approve(decision)).status).toBe(200)
    const run = await runThatIs(admin, leadId, ['done', 'failed'])
    // For a second opinion, and for a review of the planned operations.
    expect([run.verdict, model.asked.length]).toEqual(['verified', 2])
    for (const path of [
      '/metrics',
      '/openapi.json',
      '/health/ready',
      '/api/v1/missions',
      '/api/v1/runs',
      '/api/v1/writes',
    ])
      await read(path)
    for (const path of ['', '/observations', '/replay', '/evidence']) await read(`/api/v1/runs/${run.id}${path}`)
    for (const path of [`decisions/${decision.id}`, 'register', `records/${leadId}/rationale`])
      await read(`/api/v1/${path}`)
    const captured = new Map([
      ['model', model.asked.join('\n')],
      ['tool arguments', tools.asked.join('\n')],
      ['tool answers', tools.answered.join('\n')],
      ['logs', mcpLog + readFileSync(join(options.dataDir, 'logs', 'brain.log'), 'utf8')],
      ['answers', answers.join('\n')],
      ['stream', stream.text()],
      ['rows', await rows([run.id])],
    ])
    for (const [channel, text] of captured) expect(text.length, channel).toBeGreaterThan(100)
    const shows = (channel: string, text: string) => captured.get(channel)?.includes(text)
    // The rows were opened with their key, and the writing call is among the tools’.
    expect([shows('rows', 'are one company'), shows('tool arguments', 'commitChangeSet')]).toEqual([true, true])
    const all = await withTokens()
    expect(all.size).toBeGreaterThanOrEqual(10)
    expect(found(captured, all)).toEqual([])
    await stream[Symbol.asyncDispose]()
  }, 60_000)

  it('stay away from a replay of that run, which comes out the same without a model', async () => {
    const before = model.asked.length
    const { items } = await admin.get<{ items: { id: string }[] }>('/runs')
    const replay = await admin.get<{ recomputed: { isSame: boolean } | null }>(`/runs/${items[0]?.id}/replay`)
    expect([replay.recomputed?.isSame, model.asked.length]).toEqual([true, before])
  }, 60_000)

  it('would be found: one that stands in a record reaches the prompt', async () => {
    const before = model.asked.length
    const lead = await tellStory({ as: () => Promise.resolve(admin) }, 'one-account-known-contact', {
      Country: API_KEY,
    })
    await runThatIs(admin, lead, ['waiting', 'done', 'failed'])
    expect(model.asked.length).toBeGreaterThan(before)
    const prompts = new Map([['model', model.asked.join('\n')]])
    expect(found(prompts, await withTokens())).toContain('model: key of the model as raw')
  }, 60_000)
})

it.each([
  ['raw', (text: string) => text],
  ['base64', (text: string) => Buffer.from(`x${text}yz`).toString('base64')],
  ['base64url', (text: string) => Buffer.from(`xx${text}`).toString('base64url')],
  ['hexadecimal', (text: string) => Buffer.from(text).toString('hex').toUpperCase()],
  ['URL', (text: string) => `?key=${encodeURIComponent(text)}`],
])('a secret is found as %s', (_form, disguised) => {
  const planted = 'canary+with/signs=and a space "quoted"'
  expect(found(new Map([['log', `{"a":"${disguised(planted)}"}`]]), new Map([['it', planted]]))).not.toEqual([])
})
