import { z } from 'zod'
import { Phase, Verdict } from './states.ts'

/** What came of computing a run again from its record, beside what came of it then, as one reader may see it. */
export const ReplayView = z.object({
  isSame: z.boolean().describe('Everything that is recorded came out the same'),
  engine: z.string().describe('Fingerprint of the engine that computed it again'),
  phases: z.array(
    z.object({
      phase: Phase,
      engine: z.enum(['this', 'another']).describe('Which engine came to the recorded result'),
      result: z.enum(['same', 'other', 'not reached']),
    }),
  ),
  versions: z
    .array(z.object({ version: z.number(), recorded: z.string().nullable(), recomputed: z.string().nullable() }))
    .describe('Digests of the change set’s versions that the run composed'),
  verdict: z.object({ recorded: Verdict.nullable(), recomputed: Verdict.nullable() }),
  observations: z.object({
    compared: z.number(),
    otherwise: z.array(
      z.object({ phase: Phase, key: z.string(), recorded: z.string().nullable(), recomputed: z.string().nullable() }),
    ),
  }),
  brokeOffIn: Phase.nullable().describe('The phase in which this engine could make nothing of the recorded answers'),
  asked: z.array(
    z.object({
      phase: Phase,
      key: z.string(),
      how: z.enum(['not asked then', 'asked otherwise then', 'not asked again']),
    }),
  ),
})
export type ReplayView = z.infer<typeof ReplayView>
