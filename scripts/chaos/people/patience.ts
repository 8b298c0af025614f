import { setTimeout as delay } from 'node:timers/promises'

const PAUSE_MS = 500

/** Tries until it works: what people do while a process is being started again. Throws the last error when `withinMs` is over. */
export async function patiently<T>(work: () => Promise<T>, withinMs = 120_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > end) throw error
    }
    await delay(PAUSE_MS)
  }
}
