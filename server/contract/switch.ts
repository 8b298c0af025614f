// The switch: what can be stopped, and what the org's signature under a start is for.
import { z } from 'zod'

const MissionName = z.string().regex(/^[a-z][a-z0-9-]{0,79}$/)

/**
 * `writes`: nothing is written; `model`: no language model is asked; `all`: both, and nothing is read for a run. Of one mission:
 * `writes:tidy`: nothing is written for it; `starts:tidy`: runs that an event started propose nothing.
 */
export const Stoppable = z.union([
  z.enum(['writes', 'model', 'all']),
  z.templateLiteral([z.enum(['writes', 'starts']), ':', MissionName]),
])
export type Stoppable = z.infer<typeof Stoppable>

/** `decisionId` of the token that starts it again, under the verb `start-writes`. */
export const switchDecision = (what: Stoppable): string => `switch:${what}`

/** Positions that salesforce-mcp itself stops and starts: it asks no model, and starts no run. */
export const StoppableThere = z.union([z.enum(['writes', 'all']), z.templateLiteral(['writes:', MissionName])])
export type StoppableThere = z.infer<typeof StoppableThere>

/** The mission whose writes a position is about; null when it is about those of all. */
export function missionStopped(what: StoppableThere): string | null {
  return what.startsWith('writes:') ? what.slice('writes:'.length) : null
}
