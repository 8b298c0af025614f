import { tools, type ToolName } from '../contract/tools.ts'
import type { ToolLimits, ToolManifest } from '../contract/tool-manifest.ts'
import { ToolFailure } from './failure/failure.ts'

const MINUTE_MS = 60_000

/** Counts the calls of each tool in the last minute, over all sessions of one salesforce-mcp. */
export class CallRates {
  readonly #times = new Map<ToolName, number[]>()

  /** Throws ToolFailure `too-many` when the tool was called that often in the last minute. */
  enter(tool: ToolName, { perMinute }: Pick<ToolLimits, 'perMinute'>, now: number): void {
    const recent = (this.#times.get(tool) ?? []).filter((time) => now - time < MINUTE_MS)
    this.#times.set(tool, recent)
    if (recent.length >= perMinute) {
      throw new ToolFailure('too-many', `${tool} may be called ${perMinute} times a minute`)
    }
    recent.push(now)
  }
}

/** The row of a tool that may be called. Throws ToolFailure `bad-request` for any other name. */
export function rowOf(
  manifest: ToolManifest,
  name: string,
): { tool: ToolName; row: NonNullable<ToolManifest[ToolName]> } {
  const tool = Object.hasOwn(tools, name) ? (name as ToolName) : null
  const row = tool && manifest[tool]
  if (!tool || !row) throw new ToolFailure('bad-request', 'there is no such tool')
  return { tool, row }
}

/** The answer, unless it comes later than `ms`; `onLate` keeps the tool from asking the org anything more. */
export async function within<T>(ms: number, answer: Promise<T>, onLate: () => ToolFailure): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(onLate()), ms)
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
    answer.catch(() => {})
  }
}

/** Throws ToolFailure `too-large` when the answer has more entries or bytes than the tool may give. */
export function assertFits(tool: ToolName, { rows, bytes }: ToolLimits, answer: unknown): void {
  const found = entriesOf(answer)
  if (found > rows) throw new ToolFailure('too-large', `${tool} may answer ${rows} rows, and found ${found}`)
  const size = Buffer.byteLength(JSON.stringify(answer), 'utf8')
  if (size > bytes) throw new ToolFailure('too-large', `${tool} may answer ${bytes} bytes, and found ${size}`)
}

/** Entries of every list in the value, lists inside them included. */
function entriesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const entries: unknown[] = Object.values(value)
  return entries.reduce((sum: number, each) => sum + entriesOf(each), Array.isArray(value) ? entries.length : 0)
}
