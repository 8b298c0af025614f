// `npm start` as a person meets it: one URL and Ready, one clear line when it cannot, nothing lost, nothing left running.
import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Child } from '../../server/practice/child.ts'
import { registerClients } from '../../server/practice/keys.ts'
import { SHIPPED_MISSIONS } from '../../server/brain/missions/catalog.ts'
import { orgKeyFile } from '../../server/practice/processes.ts'
import { startBrain } from '../../server/practice/supervisor.ts'
import { freePort } from '../support/free-port.ts'
import { signIn } from '../support/person.ts'
import { freeOptions } from '../support/stack.ts'
import { until } from '../support/until.ts'

interface Started {
  process: ChildProcess
  said: () => string
  ended: Promise<number | null>
}

const ROOT = join(import.meta.dirname, '../..')
const ENTRY = join(ROOT, 'server/practice.ts')
const RUNNING: ChildProcess[] = []

const start = (env: Record<string, string>, ...args: string[]): Started =>
  startCommand([process.execPath, ENTRY, ...args], env)

function startCommand([command, ...args]: [string, ...string[]], env: Record<string, string>): Started {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH!, HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  RUNNING.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  // Closed: what was said last arrives after the end.
  return { process: child, said: () => said, ended: new Promise((resolve) => child.once('close', resolve)) }
}

const ready = ({ process: child, said }: Started) =>
  until(
    'Ready',
    () => {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
      return Promise.resolve(said().includes('Ready'))
    },
    60_000,
  ).catch((error: Error) => {
    throw new Error(`${error.message}; it said: ${said()}`)
  })

/** Pids of the processes that a process started and that still live; none when it has ended. */
function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return list === '' ? [] : list.split(' ').map(Number)
  } catch {
    return []
  }
}

const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe.runIf(process.platform === 'linux')('npm start', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'missions-start-'))
  let env: Record<string, string>
  const ports = async () => ({
    PORT: String(await freePort()),
    PRACTICE_ORG_PORT: String(await freePort()),
    PRACTICE_EVENTS_PORT: String(await freePort()),
  })
  const admin = () => signIn(`http://localhost:${env.PRACTICE_ORG_PORT}`, `http://localhost:${env.PORT}`, 'admin')

  beforeAll(async () => {
    env = { DATA_DIR: dataDir, ...(await ports()) }
  })
  // What one test leaves running when it fails must not keep the folder from the next.
  afterEach(async () => {
    const left = RUNNING.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)
    const running = left.flatMap(({ pid }) => [pid!, ...descendantsOf(pid!)])
    for (const pid of running.filter(lives)) process.kill(pid, 'SIGKILL')
    await until('nothing runs any more', () => Promise.resolve(!running.some(lives)))
  })
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

  it('ends with one URL and Ready; an interrupt ends every process; what was written is there again', async () => {
    const first = start(env)
    await ready(first)
    expect(first.said().match(/https?:\/\/\S+/g)).toHaveLength(1)
    const leadId = await (await admin()).create('Lead', { Company: 'Kept', LastName: 'Kept' })
    const children = childrenOf(first.process.pid!)
    expect(children.length).toBe(2)
    first.process.kill('SIGINT')
    expect(await first.ended).toBe(0)
    expect(children.filter(lives)).toEqual([])

    const second = start(env)
    await ready(second)
    expect(await (await admin()).query(`SELECT Id FROM Lead WHERE Id = '${leadId}'`)).toHaveLength(1)
    second.process.kill('SIGINT')
    await second.ended
  }, 120_000)

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'ends every process when %s reaches npm alone',
    async (signal) => {
      const npm = startCommand(['npm', 'start'], env)
      await ready(npm)
      const started = descendantsOf(npm.process.pid!)
      expect(started.length).toBeGreaterThanOrEqual(3)
      npm.process.kill(signal)
      await until('every process ended', () => Promise.resolve(!started.some(lives)), 5_000).finally(() => {
        for (const pid of started.filter(lives)) process.kill(pid, 'SIGKILL')
      })
    },
    120_000,
  )

  it('says in one line that a second start meets a folder at work, leaves the first alone, and begins anew with --fresh once that was killed', async () => {
    const first = start(env)
    await ready(first)
    for (const args of [[], ['--fresh']]) {
      const second = start({ ...env, ...(await ports()) }, ...args)
      expect(await second.ended).toBe(1)
      expect(second.said().trim().split('\n')).toEqual([expect.stringMatching(/^DATA_DIR .* is in use by process \d+/)])
    }
    expect((await (await admin()).query('SELECT Id FROM Lead LIMIT 1')).length).toBe(1)

    const children = childrenOf(first.process.pid!)
    first.process.kill('SIGKILL')
    await first.ended
    await until('its processes ended by themselves', async () => !children.some(lives))
    const third = start(env, '--fresh', '--size', '0')
    await ready(third)
    expect(await (await admin()).query('SELECT Id FROM Lead')).toEqual([])
    third.process.kill('SIGINT')
    expect(await third.ended).toBe(0)
  }, 120_000)

  it.each(['PRACTICE_ORG_PORT', 'PRACTICE_EVENTS_PORT', 'PORT'])(
    'says in one line that %s is taken',
    async (setting) => {
      const taken = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => taken.once('listening', resolve))
      const { port } = taken.address() as { port: number }
      const refused = start({ ...env, [setting]: String(port) })
      expect(await refused.ended).toBe(1)
      expect(refused.said().trim().split('\n')).toEqual([
        expect.stringMatching(new RegExp(`port ${port} is (in use|taken).*${setting}=?`, 'i')),
      ])
      taken.close()
    },
    60_000,
  )

  it('refuses in one line a folder that belongs to another org, and changes nothing in it', async () => {
    const stamp = join(dataDir, 'stamp.json')
    const mine = readFileSync(stamp, 'utf8')
    writeFileSync(stamp, mine.replace(/00D\w{15}/, '00D000000000099EAA'))
    const refused = start(env)
    expect(await refused.ended).toBe(1)
    expect(refused.said().trim().split('\n')).toEqual([expect.stringMatching(/00D000000000099EAA/)])
    expect(readFileSync(stamp, 'utf8')).toContain('00D000000000099EAA')
    writeFileSync(stamp, mine)
  }, 60_000)

  it('leaves no brain running that started but could not be introduced to the org', async () => {
    const options = await freeOptions()
    registerClients(options.dataDir)
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
    writeFileSync(orgKeyFile(options), key.export({ type: 'spki', format: 'pem' }))
    const away = { ready: { orgId: '00D000000000001EAA' } } as unknown as Child
    await expect(startBrain(options, away)).rejects.toThrow('fetch failed')
    expect(existsSync(join(options.dataDir, 'stamp.json'))).toBe(true)
    expect(existsSync(join(options.dataDir, 'lock'))).toBe(false)
    rmSync(options.dataDir, { recursive: true })
  }, 60_000)

  it('passes the settings of practice org and brain on, names those without effect, and answers under each name of the loopback address', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'missions-settings-'))
    const setupFile = join(folder, 'setup.json')
    writeFileSync(setupFile, JSON.stringify({ organization: { Name: 'Set up' } }))
    const mission = readFileSync(join(SHIPPED_MISSIONS, 'duplicate-account-reconciliation.yaml'), 'utf8')
    writeFileSync(join(folder, 'own.yaml'), mission.replace(/^mission: .*/m, 'mission: own-mission'))
    const given = {
      ...(await ports()),
      DATA_DIR: join(folder, 'data'),
      PRACTICE_SIZE: '0',
      PRACTICE_SETUP: setupFile,
      MISSIONS_DIR: folder,
      RETENTION_DAYS: '30',
      ORG_ID: '00D000000000009EAA',
      SF_LOGIN_URL: 'https://example.my.salesforce.com',
    }
    const started = start(given)
    await ready(started)
    expect(started.said()).toContain('Not used, because the practice sets them itself: ORG_ID, SF_LOGIN_URL')

    const person = await signIn(
      `http://localhost:${given.PRACTICE_ORG_PORT}`,
      `http://localhost:${given.PORT}`,
      'admin',
    )
    expect(await person.query('SELECT Name FROM Organization')).toMatchObject([{ Name: 'Set up' }])
    // The planted stories alone, without the 300 accounts of the default.
    expect((await person.query('SELECT Id FROM Account')).length).toBeLessThan(50)
    const { items } = await person.get<{ items: { name: string }[] }>('/missions')
    expect(items.map(({ name }) => name)).toEqual(['own-mission'])
    const environments = childrenOf(started.process.pid!).map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'))
    expect(environments.filter((text) => text.split('\0').includes('RETENTION_DAYS=30'))).toHaveLength(1)

    for (const name of ['localhost', '127.0.0.1', '[::1]']) {
      const origin = `http://${name}:${given.PRACTICE_ORG_PORT}`
      const response = await fetch(`http://${name}:${given.PORT}/openapi.json`, { headers: { origin } })
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, origin])
    }
    const foreign = await fetch(`http://127.0.0.1:${given.PORT}/openapi.json`, {
      headers: { origin: 'http://127.0.0.1:1' },
    })
    expect(foreign.status).toBe(403)
    started.process.kill('SIGINT')
    expect(await started.ended).toBe(0)
    rmSync(folder, { recursive: true })
  }, 60_000)

  it('refuses to empty a folder that is not a practice data folder', async () => {
    const precious = mkdtempSync(join(tmpdir(), 'missions-precious-'))
    writeFileSync(join(precious, 'letter.txt'), 'dear')
    const refused = start({ ...env, DATA_DIR: precious }, '--fresh')
    expect(await refused.ended).toBe(1)
    expect(refused.said()).toMatch(/--fresh refused/)
    expect(existsSync(join(precious, 'letter.txt'))).toBe(true)
    rmSync(precious, { recursive: true })
  })

  it.each([
    ['PORT', 'eighty'],
    ['SETTLE_SECONDS', '-1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'http://localhost:1'],
    ['RETENTION_DAYS', '0'],
    ['MISSIONS_DIR', '/no/such/folder'],
    ['PRACTICE_FIXTURES', 'unheard-of'],
    ['PRACTICE_SETUP', '/no/such/setup.json'],
    ['PRACTICE_SIZE', 'many'],
  ])(
    'says in one line that %s=%s is wrong',
    async (setting, value) => {
      const refused = start({ ...env, [setting]: value })
      expect(await refused.ended).toBe(1)
      expect(refused.said().trim().split('\n')).toEqual([expect.stringContaining(setting)])
    },
    60_000,
  )
})
