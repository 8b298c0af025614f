import { decisionFacts, sightOfDecisions } from '../../decisions/view/load-decision.ts'
import type { DecisionFacts } from '../../decisions/view/decision-view.ts'
import { NotFound } from '../../domain/errors.ts'
import type { Sight } from '../../domain/phrase.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { Doors } from '../requests/route-context.ts'
import { refuseErased } from './erased.ts'

export interface SeenDecision {
  facts: DecisionFacts
  sight: Sight
}

/** The decisions whose subject the caller may read, and the record `about` too: a list must not reveal its members. */
export async function seenDecisions(
  doors: Doors,
  caller: SessionCaller,
  ids: readonly string[],
  about?: string,
): Promise<SeenDecision[]> {
  const found = await Promise.all(ids.map((id) => decisionFacts(doors.store, doors.clock, id)))
  const all = found.filter((facts) => facts !== null)
  const sightOf = await sightOfDecisions(doors.visibility, caller, all)
  const asked = await doors.visibility.sightOf(caller.userId, { records: about ? [about] : [], fields: [] })
  return all
    .map((facts) => ({ facts, sight: sightOf(facts) }))
    .filter(({ facts, sight }) => sight.record(facts.decision.subject.id))
    .filter(({ sight }) => !about || asked.record(about) || sight.record(about))
}

/** One decision that the caller may see. Throws NotFound or ContentsErased. */
export async function seenDecision(doors: Doors, caller: SessionCaller, id: string): Promise<SeenDecision> {
  const [seen] = await seenDecisions(doors, caller, [id])
  if (!seen) await refuseErased(doors, caller, id)
  if (!seen) throw new NotFound('decision')
  return seen
}
