import { z } from 'zod'
import { ObservationView, RunView } from './http.ts'
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

const Step = z.object({
  n: z.number(),
  phase: Phase,
  key: z.string().describe('What was asked from outside, by its name in the run'),
  requestHash: z.string(),
  chain: z.string().describe('SHA-256 over this entry and the one before it'),
  at: z.string(),
})

/** What a replay answers: the run as it was recorded, and as it was computed again. */
export const ReplayAnswer = z.object({
  recorded: z.literal(true),
  run: RunView,
  steps: z.array(Step),
  observations: z.array(ObservationView),
  recomputed: ReplayView.nullable().describe('Null when the contents of the run were erased'),
})
export type ReplayAnswer = z.infer<typeof ReplayAnswer>
