import { fork, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readBrainSettings } from '../../../server/settings/brain-settings.ts'
import { SettingsError } from '../../../server/settings/settings-error.ts'
import { until } from '../../support/until.ts'

const MAIN = join(import.meta.dirname, '../../../server/main.ts')

describe('the brain’s process', () => {
  let folder: string
  let env: Record<string, string>
  const children: ChildProcess[] = []
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'missions-brain-'))
    const pair = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    writeFileSync(join(folder, 'private.pem'), pair.privateKey)
    writeFileSync(join(folder, 'public.pem'), pair.publicKey)
    env = {
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ORG_ID: '00D000000000001EAA',
      // Nobody is there: the org is away while the brain starts.
      SF_LOGIN_URL: 'http://127.0.0.1:9',
      SF_PUBSUB_ENDPOINT: '127.0.0.1:9',
      SF_READER_CLIENT_ID: 'reader',
      SF_READER_USERNAME: 'reader@example.com',
      SF_READER_KEY_FILE: join(folder, 'private.pem'),
      SF_WRITER_CLIENT_ID: 'writer',
      SF_WRITER_USERNAME: 'writer@example.com',
      SF_WRITER_KEY_FILE: join(folder, 'private.pem'),
      SF_ORG_KEY_FILES: join(folder, 'public.pem'),
    }
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  interface Started {
    child: ChildProcess
    ready: Promise<{ url: string }>
    exit: Promise<number | null>
    stderr(): string
  }

  function start(change: Record<string, string> = {}): Started {
    const child = fork(MAIN, [], {
      env: { PATH: process.env.PATH ?? '', ...env, ...change },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    children.push(child)
    let complaint = ''
    const told = new Promise((resolve) => child.stderr?.once('close', resolve))
    const exit = new Promise<number | null>((resolve) =>
      child.once('exit', (code) => void told.then(() => resolve(code))),
    )
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    return {
      child,
      ready: new Promise((resolve) => child.once('message', (message) => resolve(message as { url: string }))),
      exit,
      stderr: () => complaint,
    }
  }

  it('starts while the org is away, says where it is, refuses a second one on its folder, and ends when told', async () => {
    const first = start()
    const { url } = await first.ready
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    expect(statSync(join(folder, 'data', 'keys', 'body.key')).mode & 0o077).toBe(0)
    const second = start()
    expect(await second.exit).toBe(1)
    expect(second.stderr().trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^DATA_DIR .* is in use by process ${first.child.pid}:`)),
    ])
    // As Ctrl-C does: from the terminal, and from the parent that heard it too.
    first.child.kill('SIGINT')
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    expect(first.stderr()).toBe('')
    expect(existsSync(join(folder, 'data', 'lock'))).toBe(false)
  }, 90_000)

  it('starts again after it was killed, and ends when its parent is gone', async () => {
    const killed = start()
    await killed.ready
    killed.child.kill('SIGKILL')
    await killed.exit
    const next = start()
    await next.ready
    next.child.disconnect()
    expect(await next.exit).toBe(0)
  }, 90_000)

  it('ends when its parent is gone before it is ready', async () => {
    const orphan = start({ DATA_DIR: join(folder, 'orphaned') })
    await until('it has begun', () => Promise.resolve(existsSync(join(folder, 'orphaned', 'lock'))), 60_000)
    orphan.child.disconnect()
    expect(await orphan.exit).toBe(1)
    expect(orphan.stderr()).toBe('')
  }, 90_000)

  it('says in one line that its port is taken', async () => {
    const server = await new Promise<Server>((resolve) => {
      const taken = createServer().listen(0, '127.0.0.1', () => resolve(taken))
    })
    const { port } = server.address() as AddressInfo
    const { exit, stderr } = start({ PORT: String(port) })
    expect(await exit).toBe(1)
    expect(stderr().trim()).toBe(
      `PORT ${port} is taken by another program on 127.0.0.1; set it in the environment, e.g. PORT=4000`,
    )
    server.close()
  }, 60_000)

  it('refuses another org’s folder in one line', async () => {
    const { exit, stderr } = start({ ORG_ID: '00D000000000002EAA' })
    expect(await exit).toBe(1)
    expect(stderr()).toMatch(/^DATA_DIR .* belongs to org 00D000000000001EAA, not to 00D000000000002EAA: .*\n$/)
  }, 60_000)

  const problems = (change: Record<string, string | undefined>) => {
    try {
      readBrainSettings({ ...env, ...change })
      return []
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      return error.message.split('\n')
    }
  }

  it.each([
    ['ORG_ID', undefined, /^ORG_ID is missing; set it in the environment, e\.g\. ORG_ID=00D/],
    ['ORG_ID', 'mine', /^ORG_ID is wrong \(an 18-character Salesforce id\); .* e\.g\. ORG_ID=00D/],
    ['PORT', 'http', /^PORT is wrong/],
    ['SF_READER_KEY_FILE', '/nowhere.pem', /^SF_READER_KEY_FILE names \/nowhere\.pem, which cannot be read; /],
    ['SF_WRITER_KEY_FILE', undefined, /^SF_WRITER_KEY_FILE is missing: salesforce-mcp runs inside this process/],
    ['DATABASE_URL', 'mysql://x', /^DATABASE_URL is wrong .*e\.g\. DATABASE_URL=postgres:/],
    ['HOLD_SECONDS', '-1', /^HOLD_SECONDS is wrong/],
  ])('tells a wrong or missing %s (%s) in one line with an example', (name, value, line) => {
    const lines = problems({ [name]: value })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(line)
  })

  it('wants a name and a key of its own to call a salesforce-mcp elsewhere', () => {
    const lines = problems({ SALESFORCE_MCP_URL: 'https://mcp.example.com' })
    expect(lines.map((line) => line.replace(/;.*/, ''))).toEqual(
      ['CALLER', 'KEY_FILE', 'ANSWER_PUBLIC_KEY_FILES'].map(
        (name) => `SALESFORCE_MCP_${name} is missing, as SALESFORCE_MCP_URL is set`,
      ),
    )
  })

  it('tells every wrong setting at once, and wants the model’s settings all or none', () => {
    expect(problems({ ORG_ID: '', PORT: '-2', LLM_MODEL: 'some' }).map((line) => line.split(' ')[0])).toEqual([
      'PORT',
      'ORG_ID',
    ])
    expect(problems({ LLM_MODEL: 'some' }).map((line) => line.split(' ')[0])).toEqual(['LLM_BASE_URL', 'LLM_API_KEY'])
  })
})
