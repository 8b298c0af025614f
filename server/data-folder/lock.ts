// Locks a data folder: one living process uses it at a time.
import { StartRefused } from '../contract/start-refused.ts'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { createWhole } from './whole-file.ts'

/** Another living process uses this folder. */
export class FolderInUse extends StartRefused {
  readonly folder: string
  readonly pid: number
  constructor(folder: string, pid: number) {
    super(
      `DATA_DIR ${folder} is in use by process ${pid}: stop that one, or name another folder, e.g. DATA_DIR=.data-2`,
    )
    this.folder = folder
    this.pid = pid
  }
}

interface Holder {
  pid: number
  /** Start time of the process, as the system reports it: a reused pid has another. */
  started: string
}

/** Null when there is no such process. */
function startOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return null
  }
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    }
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    // A zombie holds no lock any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`
  } catch {
    return null
  }
}

function holderOf(path: string): Holder | null {
  try {
    const { pid, started } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : null
  } catch {
    return null
  }
}

const alive = ({ pid, started }: Holder) => startOf(pid) === started

/** True when the lock was created, with its holder in it: an empty lock would look like a dead process's. */
const create = (path: string) =>
  createWhole(path, JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? '' }))

/**
 * Locks the folder for this process: PGlite has no lock, and two processes on one folder lose rows. A dead holder's lock is
 * taken over, a living one's never. Returns the release. Throws FolderInUse. `name` is the lock's file, one per kind of process.
 */
export function lockFolder(folder: string, name = 'lock'): () => void {
  const path = join(folder, name)
  const turn = `${path}.takeover`
  let isOurs = true
  // Only once: by a second release, the lock may be another process's.
  const free = () => {
    if (isOurs) rmSync(path, { force: true })
    isOurs = false
  }
  if (create(path)) return free
  const holder = holderOf(path)
  if (holder && alive(holder)) throw new FolderInUse(folder, holder.pid)
  // Only one process may remove the dead lock, or a second would remove the first one's new lock.
  if (!create(turn)) {
    const taker = holderOf(turn)
    throw new FolderInUse(`${folder} (delete ${turn} if it stays)`, taker?.pid ?? 0)
  }
  try {
    const now = holderOf(path)
    if (now && alive(now)) throw new FolderInUse(folder, now.pid)
    rmSync(path, { force: true })
    if (!create(path)) throw new FolderInUse(folder, holderOf(path)?.pid ?? 0)
    return free
  } finally {
    rmSync(turn, { force: true })
  }
}
