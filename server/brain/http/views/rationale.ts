// Why a record changed, told from the decision that changed it, to somebody who may see the record.
import { z } from 'zod'
import { countedApprovals } from '../../decisions/eligibility.ts'
import { decisionFacts, sightOfDecisions } from '../../decisions/facts.ts'
import { shownLeaves } from '../../decisions/hide.ts'
import { rowsOf } from '../../decisions/rows.ts'
import { render, visible, type Sight } from '../../domain/phrase.ts'
import type { Proposal } from '../../domain/proposal.ts'
import type { Run } from '../../domain/run.ts'
import type { SessionCaller } from '../caller.ts'
import type { Doors } from '../doors.ts'

export const Rationale = z.object({
  runId: z.string(),
  decisionId: z.string(),
  sentence: z.string(),
  at: z.string(),
  verdict: z.string().nullable(),
  approvedBy: z.array(z.string()),
  fields: z.array(z.object({ label: z.string(), fromText: z.string(), toText: z.string() })),
  why: z.array(z.string()),
  /** Changes of this record that the caller may not see. */
  hidden: z.number(),
})

/** Records that a record was merged into by these runs. */
export async function mergedInto({ store, clock }: Doors, runs: readonly Run[], recordId: string): Promise<string[]> {
  const found = await Promise.all(
    runs.map(async ({ decisionId }) => (decisionId ? decisionFacts(store, clock, decisionId) : null)),
  )
  return found.flatMap((facts) =>
    (facts?.changeSet.proposal.operations ?? []).flatMap((op) =>
      op.kind === 'merge' && op.losers.includes(recordId) ? [op.survivor] : [],
    ),
  )
}

export async function rationaleOf(
  doors: Doors,
  caller: SessionCaller,
  run: Run,
  recordId: string,
): Promise<z.input<typeof Rationale> | null> {
  const facts = run.decisionId ? await decisionFacts(doors.store, doors.clock, run.decisionId) : null
  if (!facts) return null
  const sight = (await sightOfDecisions(doors.visibility, caller, [facts]))(facts)
  const { changeSet, decision } = facts
  const { proposal } = changeSet
  const closed = new Set(
    shownLeaves(changeSet.leaves, proposal, sight).flatMap((leaf) => ('commitment' in leaf ? [leaf.path] : [])),
  )
  const about = (path: string) => {
    const operation = proposal.operations[Number(path.split('/')[2])]
    return operation !== undefined && JSON.stringify(operation).includes(recordId)
  }
  const rows = rowsOf(proposal, sight, (path) => closed.has(path)).filter(({ toPath }) => about(toPath))
  const hidden = [...closed].filter((path) => path.endsWith('/to') && about(path)).length
  return {
    ...{ runId: run.id, decisionId: decision.id, verdict: run.verdict, hidden },
    sentence: render(proposal.sentence, sight),
    at: run.updatedAt,
    approvedBy: countedApprovals(facts).map(({ userName }) => userName),
    fields: rows.map(({ label, fromText, toText }) => ({ label, fromText, toText })),
    why: reasonsOf(proposal, sight),
  }
}

const MOST_REASONS = 5

/** The checks that agreed, as far as the reader may read them whole: half a reason explains nothing. */
function reasonsOf({ checks }: Proposal, sight: Sight): string[] {
  const whole = checks.filter(
    ({ agrees, label }) =>
      agrees && label.every((piece) => typeof piece === 'string' || !piece.field || visible(piece, sight)),
  )
  return whole.slice(0, MOST_REASONS).map(({ label, citations }) => {
    const cited = citations.length > 0 ? ` (${citations.join('; ')})` : ''
    return `${render(label, sight)}${cited}`
  })
}
