// Ends a process whose event loop stands still: it answers nothing and heeds no signal any more, so only its end helps.
import { url as inspectorUrl } from 'node:inspector'
import { Worker } from 'node:worker_threads'

interface WatchdogOptions {
  /** What the line on standard error calls the process. */
  name: string
  /** Seconds that the event loop may stand still; 0 starts no watchdog. */
  seconds: number
}

const BEATS_PER_SECOND = 4
const LINE = /: the event loop stood still for [\d.]+ s; the watchdog ended this process/

/** True of the line that the watchdog leaves on standard error. */
export const isWatchdogLine = (line: string): boolean => LINE.test(line)

/**
 * Watches this thread's event loop from another thread, which ends the process by SIGKILL after one line on standard error.
 * The other thread counts its own ticks: time for which the whole process is suspended does not count. A process started under
 * a debugger is not watched. Returns what stops watching.
 */
export function startWatchdog({ name, seconds }: WatchdogOptions): () => void {
  if (seconds === 0 || inspectorUrl() !== undefined) return () => {}
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const timer = setInterval(() => Atomics.add(beats, 0, 1), 1000 / BEATS_PER_SECOND)
  timer.unref()
  const watcher = new Worker(new URL('./watch-thread.js', import.meta.url), {
    workerData: { name, seconds, beats },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  watcher.unref()
  watcher.on('error', (error) => process.stderr.write(`${name}: no watchdog any more: ${error.message}\n`))
  return () => {
    clearInterval(timer)
    void watcher.terminate()
  }
}
