import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderInUse, lockFolder } from '../../../server/data-folder/lock.ts'
import { ownFolder } from '../../../server/data-folder/own-folder.ts'
import { bodyKey } from '../../../server/settings/secrets.ts'
import type { BrainEnvironment } from '../../../server/settings/brain-environment.ts'
import { openEmbedded } from '../../../server/brain/adapters/pglite/open.ts'
import { ForeignFolder, stampFolder } from '../../../server/brain/adapters/pglite/stamp.ts'

const LOCK = new URL('../../../server/data-folder/lock.ts', import.meta.url).href

describe('the data folder', () => {
  let folder: string
  const children: ChildProcess[] = []
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'missions-folder-'))))
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  /** Another process that holds the lock until it is killed. */
  async function holder(): Promise<ChildProcess> {
    const program = `
      const { lockFolder } = await import(${JSON.stringify(LOCK)})
      lockFolder(${JSON.stringify(folder)})
      process.stdout.write('held')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    await new Promise((resolve) => child.stdout.once('data', resolve))
    return child
  }

  /** Processes that take the lock at the same moment, when told; each says whether it has it. */
  async function takers(count: number): Promise<{ takeAll(before?: string): Promise<string[]> }> {
    const program = `
      const { lockFolder } = await import(${JSON.stringify(LOCK)})
      process.on('message', ({ folder, at }) => {
        while (Date.now() < at);
        try {
          lockFolder(folder)
          process.send('held')
        } catch (error) {
          process.send(error.constructor.name)
        }
      })
      process.send('up')`
    const several = Array.from({ length: count }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      }),
    )
    children.push(...several)
    const answers = () =>
      Promise.all(
        several.map(
          (child) => new Promise<string>((resolve) => child.once('message', (said) => resolve(String(said)))),
        ),
      )
    await answers()
    let round = 0
    return {
      async takeAll(before) {
        const each = join(folder, `round-${(round += 1)}`)
        mkdirSync(each)
        if (before !== undefined) writeFileSync(join(each, 'lock'), before)
        const told = answers()
        const at = Date.now() + 3
        for (const child of several) child.send({ folder: each, at })
        return (await told).sort()
      },
    }
  }

  const gone = async (child: ChildProcess) => {
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
  }

  it('is never taken from a process that lives, and says which', async () => {
    const child = await holder()
    expect(() => lockFolder(folder)).toThrow(FolderInUse)
    expect(() => lockFolder(folder)).toThrow(new RegExp(`DATA_DIR .* is in use by process ${child.pid}`))
  })

  it('is one process’s alone, of all that take it at the same moment, also after a killed one', async () => {
    const { takeAll } = await takers(3)
    const killed = JSON.stringify({ pid: process.pid, started: 'long ago' })
    for (let round = 0; round < 15; round += 1) {
      expect(await takeAll()).toEqual(['FolderInUse', 'FolderInUse', 'held'])
      expect(await takeAll(killed)).toEqual(['FolderInUse', 'FolderInUse', 'held'])
    }
  })

  it('is not freed by whoever freed it before', () => {
    const unlock = lockFolder(folder)
    unlock()
    const next = lockFolder(folder)
    unlock()
    expect(() => lockFolder(folder)).toThrow(FolderInUse)
    next()
  })

  /** Takes the lock, and shows that it is this process's until it is freed. */
  function expectTakeOver(): void {
    const before = readdirSync(folder)
    const unlock = lockFolder(folder)
    expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toEqual({
      pid: process.pid,
      started: expect.not.stringMatching('long ago'),
    })
    expect(() => lockFolder(folder)).toThrow(FolderInUse)
    unlock()
    expect(before).toEqual(['lock'])
    expect(readdirSync(folder)).toEqual([])
  }

  it('is taken over from a process that was killed', async () => {
    await gone(await holder())
    expectTakeOver()
  })

  it('is taken over from a process whose number another one has now', () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }))
    expectTakeOver()
  })

  it('is taken over after a lock file that was cut short', () => {
    writeFileSync(join(folder, 'lock'), '')
    expectTakeOver()
  })

  it('refuses another org’s data, and data of a newer release, in one line and untouched', async () => {
    await stampFolder(folder, '00D000000000001EAA', 1)
    const before = readFileSync(join(folder, 'stamp.json'), 'utf8')
    await expect(stampFolder(folder, '00D000000000002EAA', 1)).rejects.toThrow(
      /^DATA_DIR .* belongs to org 00D000000000001EAA/,
    )
    await expect(stampFolder(folder, '00D000000000001EAA', 0)).rejects.toThrow(ForeignFolder)
    expect(readFileSync(join(folder, 'stamp.json'), 'utf8')).toBe(before)
  })

  it('is refused while other accounts may enter it, in one line with the command to run, and is made for its owner alone', async () => {
    const options = { dataDir: join(folder, 'inner'), orgId: '00D000000000001EAA' }
    mkdirSync(options.dataDir)
    for (const mode of [0o755, 0o750, 0o701, 0o720]) {
      chmodSync(options.dataDir, mode)
      const line = `DATA_DIR ${options.dataDir} is open to other accounts (mode 0${mode.toString(8)}): run chmod 700 ${options.dataDir}`
      await expect(openEmbedded(options)).rejects.toThrow(line)
      expect(() => bodyKey({ DATA_DIR: options.dataDir } as BrainEnvironment)).toThrow(line)
    }
    expect(readdirSync(options.dataDir)).toEqual([])
    ownFolder(join(folder, 'new'))
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700)
  })

  it('holds no file of the embedded database that another account could read', async () => {
    const umask = process.umask(0)
    const dataDir = join(folder, 'inner')
    const { pool, close } = await openEmbedded({ dataDir, orgId: '00D000000000001EAA' })
    await pool.query('create table public.kept (n integer)')
    await close()
    process.umask(umask)
    const paths = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).map((name) => join(dataDir, name))
    expect(paths.length).toBeGreaterThan(500)
    expect(paths.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([])
  }, 60_000)

  it('keeps what was written, over a close and a start, and nothing of a beginning that was broken off', async () => {
    mkdirSync(join(folder, 'inner'), { mode: 0o700 })
    mkdirSync(join(folder, 'inner', 'postgres.unfinished-by-one-that-was-killed'))
    const options = { dataDir: join(folder, 'inner'), orgId: '00D000000000001EAA' }
    const first = await openEmbedded(options)
    await first.pool.query('create table public.kept (n integer)')
    await first.pool.query('insert into public.kept values (7)')
    await expect(openEmbedded(options)).rejects.toThrow(FolderInUse)
    await first.close()
    expect(readdirSync(options.dataDir).sort()).toEqual(['postgres', 'stamp.json'])
    const second = await openEmbedded(options)
    expect((await second.pool.query('select n from public.kept')).rows).toEqual([{ n: 7 }])
    await second.close()
  }, 60_000)
})
