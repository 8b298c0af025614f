import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Orders } from './orders.ts'

declare global {
  /** Set in a process of the harness: stops the process when a pause at this point was ordered. */
  var chaosPoint: ((point: PausePoint, runId: string) => void) | undefined
}

/** `before-asking`: in a worker, after it looked at its lease; `before-sending`: in salesforce-mcp, before it looks at the time. */
export type PausePoint = 'before-asking' | 'before-sending'

/** The file that orders a pause: it names the run, or none for any. The process deletes it as it stops. */
export const pauseFile = ({ pauses, process }: Pick<Orders, 'pauses' | 'process'>, point: PausePoint): string =>
  join(pauses, `${process}.${point}`)

const SETTLE_MS = 50

export function stopWhereOrdered(orders: Orders): void {
  globalThis.chaosPoint = (point, runId) => {
    const file = pauseFile(orders, point)
    try {
      const wanted = readFileSync(file, 'utf8')
      if (wanted !== '' && wanted !== runId) return
      rmSync(file)
    } catch {
      return
    }
    process.kill(process.pid, 'SIGSTOP')
    // The signal stops all threads, maybe a moment later than it returns.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS)
  }
}
