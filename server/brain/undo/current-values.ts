import type { Held } from './plan/plan-parts.ts'
import type { NowResult } from './results.ts'

/** What the org holds, by record id. */
export function heldNow({ records, users }: NowResult): Held {
  return new Map([...users, ...records].map(({ id, values }) => [id, values]))
}
