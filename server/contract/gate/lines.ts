// Who must answer a change set, as a mission's gate lists it.
import { z } from 'zod'

/** `group:RevOps` · `permission:Decide_Missions`. */
export const From = z
  .string()
  .regex(/^(group|permission):[A-Za-z]\w{0,79}$/, 'a public group or a custom permission, e.g. group:RevOps')

/** The permission that every approver must hold. */
export const DECIDE_PERMISSION = 'Decide_Missions'
export const ANY_DECIDER = `permission:${DECIDE_PERMISSION}`

/** How many different people of one group or permission. */
export const Roster = z.strictObject({ needs: z.number().int().min(1).max(5), from: From })
export type Roster = z.infer<typeof Roster>

/** CEL; `true` or `false` for one change. */
const When = z.string().min(1).max(500)

const Rosters = z.array(Roster).min(1).max(5)

/** `otherwise` counts when no other line matches. `then` are asked once everyone of `asks` has approved. */
export const GateLine = z.union([
  z.strictObject({ when: When, block: z.string().min(1).max(80) }),
  z.strictObject({ when: When, asks: Rosters, then: Rosters.optional() }),
  z.strictObject({ otherwise: z.literal(true), asks: Rosters, then: Rosters.optional() }),
])
export type GateLine = z.infer<typeof GateLine>

/** What the lines that match ask together: each roster once. */
export const GateRequirement = z.strictObject({
  /** Indexes of the matching lines, for citing them. */
  lines: z.array(z.number().int().min(0)).min(1).max(20),
  rosters: z.array(Roster).min(1).max(20),
  /** Asked once everyone of `rosters` has approved; absent where there is no second stage. */
  then: z.array(Roster).min(1).max(20).optional(),
})
export type GateRequirement = z.infer<typeof GateRequirement>
