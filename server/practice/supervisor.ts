// Starts the practice org and the brain as two processes, introduces them to each other, and ends them together.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { activateMissions, toActivate } from './activate.ts'
import { FolderInUse, lockFolder } from '../data-folder/lock.ts'
import { OpenFolder, ownFolder } from '../data-folder/own-folder.ts'
import { startChild, type Child } from './child.ts'
import { registerClients } from './keys.ts'
import type { Options } from './options.ts'
import { PracticeProblem } from './problem.ts'
import { brainProcess, brainUrl, orgKeyFile, orgProcess, orgUrl } from './processes.ts'
import { GRACE_MS, together, type Together } from './together.ts'

export { PracticeProblem } from './problem.ts'

export interface Practice extends Together {
  url: string
  brainUrl: string
  /** Practice org and brain, for measuring. */
  pids(): number[]
}

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
    children.push(await startBrain(options, org))
    const pids = () => children.map(({ pid }) => pid)
    const again = () => startBrain(options, org)
    return { url: orgUrl(options), brainUrl: brainUrl(options), pids, ...together(children, again, stopAll) }
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
  await orStop(brain, () => activateMissions(orgUrl(options), brainUrl(options), toActivate(options)))
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

const LOCK = 'practice.lock'

/** Makes the data folder this supervisor's own, empty when asked. Returns what frees it. */
function takeFolder({ dataDir, fresh }: Options): () => void {
  let unlock = () => {}
  try {
    ownFolder(dataDir)
    unlock = lockFolder(dataDir, LOCK)
    if (fresh) forget(dataDir)
    return unlock
  } catch (error) {
    unlock()
    if (error instanceof FolderInUse || error instanceof OpenFolder) throw new PracticeProblem(error.message)
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
