import { createHash } from 'node:crypto'

/** Remembers since when descriptions are what they are, for `Last-Modified`: rights, record types and rules change them. */
export class Descriptions {
  private readonly startedAt: number
  private readonly now: () => number
  private readonly told = new Map<string, { digest: string; since: number }>()

  /** @param startedAt epoch ms; what is told for the first time has not changed since */
  constructor(startedAt: number, now: () => number) {
    this.startedAt = startedAt
    this.now = now
  }

  /** Epoch ms since which this has been told under the name, which says what is described and to whom. */
  since(name: string, description: unknown): number {
    const digest = createHash('sha256').update(JSON.stringify(description)).digest('base64')
    const known = this.told.get(name)
    if (known?.digest === digest) return known.since
    // HTTP dates have whole seconds: a change must show in them however soon it follows another.
    const since = known ? Math.max(this.now(), known.since + 1_000) : this.startedAt
    this.told.set(name, { digest, since })
    return since
  }
}
