// The layout of docs/setup.md: HTTP, jobs (twice) and salesforce-mcp as processes of their own on PostgreSQL, looked at by the commands.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { auditCommand } from '../../scripts/audit/command.ts'
import { doctorCommand } from '../../scripts/doctor/command.ts'
import { doorCommand } from '../../scripts/door/command.ts'
import { addCaller, makeAnswerKey } from '../../scripts/door/door-keys.ts'
import { HTTP_SCOPES, JOBS_SCOPES } from '../../server/contract/call-token.ts'
import { activateMissions, toActivate } from '../../server/practice/activate.ts'
import type { Child } from '../../server/practice/child.ts'
import type { Options } from '../../server/practice/options.ts'
import { brainProcess, brainUrl, orgUrl } from '../../server/practice/processes.ts'
import { startOrg } from '../../server/practice/supervisor.ts'
import { freePort } from '../support/free-port.ts'
import { signIn } from '../support/person.ts'
import { hasPostgres, startPostgres, type PostgresServer } from '../support/postgres.ts'
import { freeOptions } from '../support/stack.ts'
import { runThatIs, story } from '../support/story.ts'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '..', '..')
const LEADS = 12
const CALLERS = [
  ['web', HTTP_SCOPES],
  ['worker-1', JOBS_SCOPES],
  ['worker-2', JOBS_SCOPES],
  ['operator', ['switch']],
] as const

describe.runIf(hasPostgres())('several processes on PostgreSQL', () => {
  let postgres: PostgresServer | null = null
  let options: Options
  let org: Child | null = null
  let brain: Record<string, string>
  let writer: Record<string, string>
  let callerOf: (name: string) => Record<string, string>
  const children: ChildProcess[] = []

  const failed: string[] = []

  const start = (entry: string, env: Record<string, string>) => {
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    const child = spawn(process.execPath, [entry], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      stdio: [...stdio],
    })
    let said = ''
    child.stderr?.on('data', (piece: Buffer) => (said += piece))
    child.once('close', (code) => code !== 0 && failed.push(`${entry} ended with ${code}: ${said}`))
    children.push(child)
  }

  beforeAll(async () => {
    postgres = await startPostgres()
    options = await freeOptions({ size: 5 })
    org = await startOrg(options)
    const all = brainProcess(options, String(org.ready.orgId)).env
    const names = Object.keys(all).filter((name) => name.startsWith('SF_WRITER_'))
    writer = Object.fromEntries(names.map((name) => [name, all[name] ?? '']))
    const secret = (name: string) => {
      const file = join(options.dataDir, 'keys', name)
      writeFileSync(file, randomBytes(32).toString('hex'))
      return file
    }
    const port = String(await freePort())
    const keyFile = (name: string) => join(options.dataDir, 'keys', `${name}.pem`)
    const callersFile = join(options.dataDir, 'keys', 'callers.json')
    const answerKeyFile = keyFile('answers')
    const answerFile = makeAnswerKey(answerKeyFile)
    for (const [name, scopes] of CALLERS)
      addCaller({ name, scopes, days: 1, keyFile: keyFile(name), callersFile }, new Date())
    callerOf = (name) => ({ SALESFORCE_MCP_CALLER: name, SALESFORCE_MCP_KEY_FILE: keyFile(name) })
    brain = {
      ...Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name))),
      DATABASE_URL: postgres?.url ?? '',
      BODY_KEY_FILE: secret('body.key'),
      SALESFORCE_MCP_URL: `http://127.0.0.1:${port}/mcp`,
      SALESFORCE_MCP_ANSWER_PUBLIC_KEY_FILES: answerFile,
    }
    start('server/salesforce-mcp/main.ts', {
      ...all,
      SALESFORCE_MCP_PORT: port,
      SALESFORCE_MCP_CALLERS_FILE: callersFile,
      SALESFORCE_MCP_ANSWER_KEY_FILE: answerKeyFile,
      SALESFORCE_MCP_SEAL_KEY_FILE: secret('seal.key'),
    })
    start('server/main.ts', { ...brain, ...callerOf('web'), ROLE: 'web' })
    // Two, as an installation may have: both hear every change of the org.
    start('server/worker.ts', { ...brain, ...callerOf('worker-1') })
    start('server/worker.ts', { ...brain, ...callerOf('worker-2') })
    const isReady = () => {
      if (failed.length > 0) throw new Error(failed.join('\n'))
      return fetch(`${brainUrl(options)}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    }
    await until('the brain is ready', isReady, 60_000)
  })

  afterAll(async () => {
    const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
    const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)))
    for (const child of running) child.kill('SIGTERM')
    await Promise.all(ended)
    await org?.stop(2_500)
    await postgres?.stop()
    if (options) rmSync(options.dataDir, { recursive: true, force: true })
  })

  afterEach(() => expect(failed).toEqual([]))

  it('take a lead to a verified change, although the brain holds no writer’s key', async () => {
    expect(Object.keys(brain).filter((name) => name.startsWith('SF_WRITER_'))).toEqual([])
    await activateMissions(orgUrl(options), brainUrl(options), toActivate(options))
    const admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
    const lead = await admin.create('Lead', { ...story('one-account-known-contact').lead })
    const waiting = await runThatIs(admin, lead, ['waiting', 'done', 'failed'], 60_000)
    const answer = await admin.approve(await admin.decision(waiting.decisionId ?? ''))
    expect(answer.status).toBe(200)
    const ended = await runThatIs(admin, lead, ['done', 'failed'], 60_000)
    expect([ended.status, ended.verdict]).toEqual(['done', 'verified'])
  }, 120_000)

  it('begin one run for each of many leads, although two of them hear of every lead', async () => {
    const admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
    const leads = await Promise.all(
      Array.from({ length: LEADS }, (_, n) => admin.create('Lead', { Company: `Nobody Knows ${n}`, LastName: 'Once' })),
    )
    for (const lead of leads) await runThatIs(admin, lead, ['done', 'failed'], 60_000)
    for (const lead of leads) {
      const runs = await admin.runsAbout(lead)
      expect(runs.map(({ status, verdict }) => [status, verdict])).toEqual([['done', 'nothing to do']])
    }
  }, 120_000)

  it('stop all writes by the one switch, in salesforce-mcp too, and allow them again', async () => {
    const admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
    const position = async () => {
      const lines: string[] = []
      const env = { ...brain, ...callerOf('operator') }
      expect(await doorCommand(['position'], env, (line) => lines.push(line))).toBe(0)
      return lines[0]
    }
    expect((await admin.send('/writes/stop', { reason: 'Trying the switch' })).status).toBe(200)
    expect(await position()).toBe('writes stopped, reads on')
    expect((await admin.startWrites('Tried')).status).toBe(200)
    expect(await position()).toBe('writes on, reads on')
  })

  it('are found right by the doctor, who sees the writer only when given its settings', async () => {
    const lines: string[] = []
    const examine = (env: Record<string, string>) =>
      doctorCommand(
        [],
        env,
        () => new Date(),
        (line) => lines.push(line),
      )
    expect(await examine(brain)).toBe(0)
    expect(lines.at(-1)).toContain(' 0 wrong, 3 to look at yourself')
    expect(await examine({ ...brain, ...writer })).toBe(0)
    expect(lines.at(-1)).toContain(' 0 wrong, 0 to look at yourself')
  })

  it('are audited while they run', async () => {
    const lines: string[] = []
    expect(await auditCommand([], brain, (line) => lines.push(line))).toBe(0)
    expect(lines[0]).toMatch(new RegExp(`^${1 + LEADS} runs, \\d+ journal entries: everything adds up$`))
  })

  it('say so when salesforce-mcp cannot be told to stop, and begin no write all the same', async () => {
    const admin = await signIn(orgUrl(options), brainUrl(options), 'admin')
    const [mcp] = children
    const ended = new Promise((resolve) => mcp?.once('exit', resolve))
    mcp?.kill('SIGTERM')
    await ended
    const answer = await admin.send('/writes/stop', { reason: 'Trying the switch' })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ title: 'Stopped here only' })
    expect(await admin.get('/writes')).toMatchObject({ stopped: true })
  })
})
