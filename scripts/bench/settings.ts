import { z } from 'zod'

const Environment = z.object({
  /** Main jobs one after the other. */
  BENCH_RUNS: z.coerce.number().int().positive().default(20),
  /** Main jobs at once. */
  BENCH_BURST: z.coerce.number().int().positive().default(50),
  /** Accounts of the practice org that is measured alone; it is made once and kept. */
  BENCH_ORG_SIZE: z.coerce.number().int().min(200).max(1_000_000).default(1_000_000),
  /** How long each kind of call is repeated. */
  BENCH_SECONDS: z.coerce.number().positive().default(3),
  BENCH_MERGES: z.coerce.number().int().positive().default(20),
})

/** How much is measured, from the environment. @throws ZodError that names the variable */
export const benchSettings = () => Environment.parse(process.env)
