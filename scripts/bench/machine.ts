import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'

/** Machine and versions: measurements compare only when these are equal. */
export function origin() {
  return {
    machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD']).toString().trim(),
  }
}

/** Largest resident memory of a process so far, in MiB (Linux). */
export const peakMemory = (pid: number | 'self'): number => statusOf(pid, 'VmHWM')

/** Resident memory of a process now, in MiB (Linux). */
export const residentMemory = (pid: number): number => statusOf(pid, 'VmRSS')

function statusOf(pid: number | 'self', name: string): number {
  const line = new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1024)
}
