import type { Child } from './child.ts'

export interface Together {
  /** Exit code: 0 after `stop`, 1 when a process ended by itself. A brain that its watchdog ended is started again. */
  ended: Promise<number>
  stop(): Promise<void>
}

/** Ctrl-C must end everything within three seconds. */
export const GRACE_MS = 2_500

/** Ends all processes as soon as one ends, but for a brain that stood still: `again` starts the next one in its place. */
export function together(children: Child[], again: () => Promise<Child>, stopAll: () => Promise<void>): Together {
  let stopping = false
  const stop = async () => {
    stopping = true
    await stopAll()
  }
  const firstEnd = async (): Promise<number> => {
    const ends = children.map(async (child, at) => ({ child, at, code: await child.ended }))
    const { child, at, code } = await Promise.race(ends)
    if (stopping) return 0
    if (child.name === 'brain' && (await child.endedByWatchdog)) {
      console.error('The brain stood still and its watchdog ended it; it is started again.')
      children[at] = await again()
      if (stopping) await children[at].stop(GRACE_MS)
      return firstEnd()
    }
    console.error(`The ${child.name} ended by itself (code ${code}); see the logs folder beside its data.`)
    return 1
  }
  const ended = firstEnd()
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      return 1
    })
    .finally(stop)
  return { ended, stop }
}
