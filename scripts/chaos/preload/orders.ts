// What the harness orders a process to be, in one environment variable.
import { z } from 'zod'

export const ORDERS_VARIABLE = 'CHAOS_ORDERS'

export const Orders = z.object({
  /** Folder of files that order a pause at a named point: `<process>.<point>`. */
  pauses: z.string(),
  process: z.string(),
  weaken: z.enum(['lease', 'receipts']).nullable().default(null),
  /** Null: as the product has them. */
  leaseSeconds: z.number().nullable().default(null),
  /** The process counts the effects of a run's path, and ends at the one that the file of this name orders. */
  sweep: z.string().nullable().default(null),
  /** By how much the process's clock differs from the machine's. */
  clockOffsetMs: z.number().default(0),
})
export type Orders = z.infer<typeof Orders>
