// The second look at a proposal, before its decision opens. It adds cautions and raises the risk; the gate decides as before.
import { needsPerson } from '../../../contract/operations/operation.ts'
import type { Caution, Proposal } from '../../domain/proposal.ts'
import type { NewObservation } from '../../domain/run.ts'
import { fit } from '../../domain/say.ts'
import { restsOn } from '../../domain/phrase.ts'
import type { PhaseContext } from '../../runs/phase.ts'
import { reviewByModel } from './review-by-model.ts'
import { reviewByRules } from './review-rules.ts'

/** Most findings on the Explain rail; the decision has all. */
const SAID = 6

/** The proposal with what the review found, and the lines about it. */
export async function reviewed(
  context: PhaseContext,
  proposal: Proposal,
): Promise<{ proposal: Proposal; say: NewObservation[] }> {
  const byRules = reviewByRules(proposal)
  const asked = await askedModel(context, proposal)
  const found = [...byRules, ...(asked?.cautions ?? [])]
  const cautions = [...(proposal.cautions ?? []), ...found]
  return {
    proposal: {
      ...proposal,
      ...(cautions.length > 0 && { cautions }),
      ...(asked && { review: asked.cautions ? 'reviewed' : 'not-reviewed' }),
      risk: found.length > 0 && proposal.risk === 'low' ? 'medium' : proposal.risk,
    },
    say: found.slice(0, SAID).map(sayCaution),
  }
}

/** Null where no model is to be asked: none is set up, the mission names no field for it, or the change is neither risky nor new. */
async function askedModel(context: PhaseContext, proposal: Proposal): Promise<{ cautions: Caution[] | null } | null> {
  const fields = [...new Set(context.mission.definition.reason.flatMap(({ modelFields }) => modelFields))]
  const isHighRisk = proposal.risk === 'high' || proposal.operations.some(needsPerson)
  // An undo puts back what people saw before.
  if (!context.model || fields.length === 0 || !isHighRisk || proposal.undoes) return null
  return { cautions: await reviewByModel(context.model, proposal, fields) }
}

const sayCaution = ({ text }: Caution): NewObservation => ({ kind: 'noticed', text: fit(text), ...restsOn(text) })
