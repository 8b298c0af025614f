// Starts the practice org and the brain as two processes, introduces them to each other, and ends them together.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { activateMissions } from './activate.ts'
import { FolderInUse, lockFolder } from '../data-folder/lock.ts'
import { startChild, type Child } from './child.ts'
import { registerClients } from './keys.ts'
import type { Options } from './options.ts'
import { PracticeProblem } from './problem.ts'
import { brainProcess, brainUrl, orgKeyFile, orgProcess, orgUrl } from './processes.ts'

export { PracticeProblem } from './problem.ts'

export interface Practice {
  url: string
  brainUrl: string
  /** Practice org and brain, for measuring. */
  pids: number[]
  /** Exit code: 0 after `stop`, 1 when a process ended by itself. */
  ended: Promise<number>
  stop(): Promise<void>
}

/** Ctrl-C must end everything within three seconds. */
const GRACE_MS = 2_500

/** Starts everything under `options.dataDir`. Throws PracticeProblem, with nothing left running, when it cannot. */
export async function startPractice(options: Options): Promise<Practice> {
  const unlock = takeFolder(options)
  const children: Child[] = []
  const stopAll = async () => {
    await Promise.all(children.map((child) => child.stop(GRACE_MS)))
    unlock()
  }
  try {
    const org = await startOrg(options)
    children.push(org)
    const brain = await startBrain(options, org)
    children.push(brain)
    const pids = children.map(({ pid }) => pid)
    return { url: orgUrl(options), brainUrl: brainUrl(options), pids, ...together(children, stopAll) }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** Starts the practice org and pins its signing key where the brain reads it. Nothing is left running when that fails. */
export async function startOrg(options: Options): Promise<Child> {
  registerClients(options.dataDir)
  const org = await startChild(orgProcess(options))
  await orStop(org, async () => writeFileSync(orgKeyFile(options), await publicKeyOf(orgUrl(options))))
  return org
}

/** Starts the brain against a running practice org, and activates missions that are new. Nothing is left running when that fails. */
export async function startBrain(options: Options, org: Child): Promise<Child> {
  const brain = await startChild(brainProcess(options, String(org.ready.orgId)))
  await orStop(brain, () => activateMissions(orgUrl(options), brainUrl(options)))
  return brain
}

async function orStop(child: Child, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    await child.stop(GRACE_MS)
    throw error
  }
}

function together(children: Child[], stopAll: () => Promise<void>): Pick<Practice, 'ended' | 'stop'> {
  let stopping = false
  const stop = async () => {
    stopping = true
    await stopAll()
  }
  const firstEnd = Promise.race(children.map(async (child) => ({ child, code: await child.ended })))
  const ended = firstEnd.then(async ({ child, code }) => {
    const unexpected = !stopping
    if (unexpected)
      console.error(`The ${child.name} ended by itself (code ${code}); see the logs folder beside its data.`)
    await stop()
    return unexpected ? 1 : 0
  })
  return { ended, stop }
}

const LOCK = 'practice.lock'

/** Makes the data folder this supervisor's own, empty when asked. Returns what frees it. */
function takeFolder({ dataDir, fresh }: Options): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  let unlock = () => {}
  try {
    unlock = lockFolder(dataDir, LOCK)
    if (fresh) forget(dataDir)
    return unlock
  } catch (error) {
    unlock()
    if (error instanceof FolderInUse) throw new PracticeProblem(error.message)
    throw error
  }
}

/** Empties a practice data folder; refuses any other, and one in which a brain is at work. */
function forget(dataDir: string): void {
  const found = readdirSync(dataDir).filter((name) => name !== LOCK)
  if (found.length > 0 && !existsSync(join(dataDir, 'practice-org'))) {
    throw new PracticeProblem(
      `--fresh refused: ${dataDir} is not a practice data folder. Set DATA_DIR to one, or empty it yourself.`,
    )
  }
  lockFolder(dataDir)()
  for (const name of found) rmSync(join(dataDir, name), { recursive: true, force: true })
}

async function publicKeyOf(orgUrl: string): Promise<string> {
  const response = await fetch(`${orgUrl}/practice/key`)
  if (!response.ok) throw new PracticeProblem(`The practice org gave no signing key: ${response.status}`)
  return response.text()
}
