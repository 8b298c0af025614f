import { z } from 'zod'

const Environment = z.object({
  /** Main jobs in sequence. */
  BENCH_RUNS: z.coerce.number().int().positive().default(20),
  /** Main jobs at once. */
  BENCH_BURST: z.coerce.number().int().positive().default(50),
  /** Accounts of the practice org that is measured alone; it is made once and reused. */
  BENCH_ORG_SIZE: z.coerce.number().int().min(200).max(1_000_000).default(1_000_000),
  /** Duration of the measurement of each kind of call. */
  BENCH_SECONDS: z.coerce.number().positive().default(3),
  /** Open decisions of `npm run bench:decisions`. */
  BENCH_DECISIONS: z.coerce.number().int().min(200).default(100_000),
  BENCH_MERGES: z.coerce.number().int().positive().default(20),
})

/** Size of the measurements, from the environment. Throws ZodError that names the variable. */
export const benchSettings = () => Environment.parse(process.env)
