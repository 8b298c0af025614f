// Who may work in a data folder: one living process at a time.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { createWhole } from './whole-file.ts'

/** Another process that is alive works in this folder. */
export class FolderInUse extends Error {
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
  /** When the process started, in the system's own terms: a reused pid has another. */
  started: string
}

/** Null when no such process is there. */
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
    // A zombie holds nothing any more.
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

/** True when the lock was made, with its holder in it: an empty one would look like a dead one's. */
const create = (path: string) =>
  createWhole(path, JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? '' }))

/**
 * Takes the folder for this process: PGlite keeps no lock, and two processes on one folder lose rows. A dead holder's lock is
 * taken over, a living one's never. Returns what frees it. Throws FolderInUse. `name` is the lock's file: each kind of process has its own.
 */
export function lockFolder(folder: string, name = 'lock'): () => void {
  const path = join(folder, name)
  const turn = `${path}.takeover`
  let isOurs = true
  // Only once: freed twice, it would be somebody else's by then.
  const free = () => {
    if (isOurs) rmSync(path, { force: true })
    isOurs = false
  }
  if (create(path)) return free
  const holder = holderOf(path)
  if (holder && alive(holder)) throw new FolderInUse(folder, holder.pid)
  // Only one may remove the dead one's lock, else a second would remove the first one's new lock.
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
