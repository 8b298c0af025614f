// What happens to a write at a door: drawn from the seed and from what is written, so that it does not depend on timing.
import { createHash } from 'node:crypto'
import { chance, pick } from '../chance.ts'
import type { FaultAt, Layout, ProcessName } from '../layout/layout.ts'

type Kind = 'none' | 'cut' | 'withhold' | 'kill-sender' | 'kill-receiver' | 'pause-sender'

/** Of a hundred writes that a door sees. */
const WEIGHTS: Record<'org' | 'salesforce-mcp', readonly (readonly [number, Kind])[]> = {
  org: [
    [74, 'none'],
    [13, 'cut'],
    [9, 'withhold'],
    [2, 'kill-sender'],
    [1, 'kill-receiver'],
    [1, 'pause-sender'],
  ],
  'salesforce-mcp': [
    [84, 'none'],
    [7, 'cut'],
    [5, 'withhold'],
    [2, 'kill-sender'],
    [1, 'kill-receiver'],
    [1, 'pause-sender'],
  ],
}
const PAUSE_MS = 6_000
const MOST_WITHHELD_MS = 8_000

/** Draws the fault of each write. */
export function doorFaults(seed: number, { processes }: Pick<Layout, 'processes'>): FaultAt {
  const tries = new Map<string, number>()
  return (door, { body }) => {
    const isOrg = door === 'org'
    const what = nameOf(body)
    const n = (tries.get(what) ?? 0) + 1
    tries.set(what, n)
    const draw = (name: string) => chance(seed, name, isOrg ? 'org' : 'salesforce-mcp', what, n)
    const kind = pick(WEIGHTS[isOrg ? 'org' : 'salesforce-mcp'], draw('kind'))
    const sender: ProcessName = isOrg ? 'salesforce-mcp' : door
    const receiver: ProcessName = isOrg ? 'org' : 'salesforce-mcp'
    switch (kind) {
      case 'none':
        return null
      case 'cut':
        return { kind }
      case 'withhold':
        return { kind, ms: 500 + Math.round(draw('ms') * MOST_WITHHELD_MS) }
      case 'kill-sender':
        return { kind: 'act', act: () => processes[sender].kill() }
      case 'kill-receiver':
        return { kind: 'act-before', act: () => void setTimeout(() => processes[receiver].kill(), draw('ms') * 40) }
      case 'pause-sender':
        return { kind: 'act', act: () => pauseFor(processes[sender], PAUSE_MS) }
    }
  }
}

function pauseFor(process: { pause(): void; resume(): void }, ms: number): void {
  process.pause()
  setTimeout(() => process.resume(), ms)
}

/** A name of what is written that does not change between two tries: without sessions and times. */
function nameOf(body: string): string {
  const digest = /[0-9a-f]{64}/.exec(body)?.[0]
  const call = /<soapenv:Body[^>]*><(\w+)/.exec(body)?.[1] ?? ''
  const ids = [...new Set(body.match(/\b(?:00Q|001)[0-9A-Za-z]{15}\b/g) ?? [])].sort()
  return createHash('sha256')
    .update(JSON.stringify([digest, call, ids]))
    .digest('hex')
}
