// The watchdog's thread. JavaScript on purpose: a thread that strips types takes 15 to 30 MB more.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/** @type {{ name: string, seconds: number, beats: Int32Array }} */
const { name, seconds, beats } = workerData
const TICK_SECONDS = Math.min(1, seconds / 4)

let last = Atomics.load(beats, 0)
let stoodStill = 0

setInterval(() => {
  const now = Atomics.load(beats, 0)
  stoodStill = now === last ? stoodStill + TICK_SECONDS : 0
  last = now
  if (stoodStill < seconds) return
  const line = `${name}: the event loop stood still for ${seconds} s; the watchdog ended this process (WATCHDOG_SECONDS)\n`
  try {
    writeSync(2, line)
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}, TICK_SECONDS * 1000)
