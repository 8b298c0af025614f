import { z } from 'zod'

/** What a tool answers with `isError`: `code` decides what a run does (hold, stop, ask). */
export const ToolError = z.object({
  code: z.enum([
    'unavailable',
    'limit',
    'locked',
    'expired-session',
    'refused',
    'not-granted',
    'inactive',
    'not-found',
    'bad-request',
    'drift',
    'stopped',
    /** Writes of this mission are stopped. */
    'contained',
    'too-late',
    /** The mission or the change set says that it is written later: `until` says when. */
    'too-early',
    /** The tool was called more often, or found more, than its limits allow. */
    'too-many',
    'too-large',
  ]),
  message: z.string(),
  /** The org's own error code, when it gave one. */
  orgCode: z.string().nullable(),
  /** When asking again may help; absent where that is not known. */
  until: z.string().optional(),
  /** True when asking again later may help, and will write nothing twice. */
  retryable: z.boolean(),
  /** True for a write that no honest brain asks for: outside the grant, or without the approvals that the org signed. */
  breach: z.literal(true).optional(),
  /** Set when a commit stands in part: the step that waits, and how many there are. */
  waiting: z.object({ step: z.number().int(), of: z.number().int() }).nullish(),
})
export type ToolError = z.infer<typeof ToolError>

/** `_meta` key of the run a tool call belongs to; salesforce-mcp counts calls per run under it. */
export const RUN_META = 'missions/run'

/** `_meta` key of the user for whom the brain calls, by its word: for the log only. */
export const USER_META = 'missions/user'

/** `_meta` key of the time (ISO 8601, UTC) after which a commit may no longer begin: its caller may have lost the run by then. */
export const NOT_AFTER_META = 'missions/not-after'
