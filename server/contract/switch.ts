// The switch: what an administrator can stop, and what the org's signature under a start is for.
import { z } from 'zod'

/** `writes`: nothing is written; `model`: no language model is asked; `all`: both, and nothing is read for a run. */
export const Stoppable = z.enum(['writes', 'model', 'all'])
export type Stoppable = z.infer<typeof Stoppable>

/** `decisionId` of the token that starts it again, under the verb `start-writes`. */
export const switchDecision = (what: Stoppable): string => `switch:${what}`

/** What salesforce-mcp itself stops and starts: it asks no model. */
export const StoppableThere = Stoppable.exclude(['model'])
export type StoppableThere = z.infer<typeof StoppableThere>
