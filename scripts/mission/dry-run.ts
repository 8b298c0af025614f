import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Say } from '../shared/command-line.ts'
import type { BrainClient } from './brain-client.ts'

interface Wanted {
  name: string
  records?: string[]
  newest?: number
  where?: string
}

const Started = z.object({
  runs: z.array(z.object({ recordId: z.string(), runId: z.string().nullable(), why: z.string().nullable() })),
})
const Trial = z.object({
  run: z.object({
    status: z.string(),
    verdict: z.string().nullable(),
    reason: z.string().nullable(),
    apiCalls: z.number(),
    tokens: z.number(),
  }),
  proposal: z
    .object({
      sentence: z.string(),
      rows: z.array(
        z.object({ label: z.string(), recordName: z.string().nullable(), fromText: z.string(), toText: z.string() }),
      ),
      hiddenRows: z.number(),
      asks: z.array(z.string()),
    })
    .nullable(),
})
type Trial = z.infer<typeof Trial>
const Observations = z.object({ items: z.array(z.object({ text: z.string() })) })

const LOOK_MS = 500
/** A run that holds, e.g. for Salesforce, is left to go on by itself. */
const MOST_LOOKS = 240

/** Runs everything but the proposal and prints what each run would have proposed. The exit code: 1 when one came to no end. */
export async function dryRun(brain: BrainClient, { name, ...body }: Wanted, say: Say): Promise<number> {
  const { runs } = Started.parse(await brain.post(`/missions/${encodeURIComponent(name)}/dry-run`, body))
  if (runs.length === 0) say('No record fits')
  let worst = 0
  for (const { recordId, runId, why } of runs) {
    if (runId === null) {
      say(`${recordId}: not tried: ${why}`)
      worst = 1
      continue
    }
    const trial = await ended(brain, runId)
    if (trial.run.status !== 'done') worst = 1
    for (const line of await linesOf(brain, { recordId, runId }, trial)) say(line)
  }
  return worst
}

async function ended(brain: BrainClient, runId: string): Promise<Trial> {
  for (let looks = 1; ; looks += 1) {
    const trial = Trial.parse(await brain.get(`/runs/${runId}/trial`))
    if (['done', 'failed', 'cancelled', 'paused'].includes(trial.run.status) || looks === MOST_LOOKS) return trial
    await wait(LOOK_MS)
  }
}

async function linesOf(
  brain: BrainClient,
  { recordId, runId }: { recordId: string; runId: string },
  { run, proposal }: Trial,
): Promise<string[]> {
  const used = `${run.apiCalls} Salesforce calls, ${run.tokens} tokens`
  if (proposal) {
    const rows = proposal.rows.map((row) => `  ${row.recordName ?? ''} ${row.label}: ${row.fromText} → ${row.toText}`)
    const hidden = proposal.hiddenRows > 0 ? [`  and ${proposal.hiddenRows} values that you may not see`] : []
    return [
      `${recordId}: would propose: ${proposal.sentence}`,
      ...rows,
      ...hidden,
      `  asks ${proposal.asks.join(' and ')}; ${used}`,
    ]
  }
  if (run.status !== 'done') return [`${recordId}: ${run.status}${run.reason ? `: ${run.reason}` : ''}; ${used}`]
  const { items } = Observations.parse(await brain.get(`/runs/${runId}/observations`))
  return [`${recordId}: would propose nothing: ${items.at(-1)?.text ?? 'nothing to do'}; ${used}`]
}
