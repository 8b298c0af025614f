import { loadFacts, readAccessToDecisions } from '../../decisions/view/load-decision.ts'
import type { LoadedDecision } from '../../decisions/view/decision-view.ts'
import type { Decision } from '../../domain/decision.ts'
import { NotFound } from '../../domain/errors.ts'
import type { ReadAccess } from '../../domain/phrase.ts'
import type { SessionCaller } from '../requests/caller.ts'
import type { RouteContext } from '../requests/route-context.ts'
import { refuseErased } from './erased.ts'

interface SeenDecision {
  facts: LoadedDecision
  access: ReadAccess
}

/** The decisions whose subject the caller may read, and the record `about` too: a list must not reveal its members. */
export async function seenDecisions(
  doors: RouteContext,
  caller: SessionCaller,
  decisions: readonly Decision[],
  about?: string,
): Promise<SeenDecision[]> {
  const all = await loadFacts(doors.store, doors.clock, decisions)
  const sightOf = await readAccessToDecisions(doors.visibility, caller, all)
  const asked = await doors.visibility.readAccessOf(caller.userId, { records: about ? [about] : [], fields: [] })
  return all
    .map((facts) => ({ facts, access: sightOf(facts) }))
    .filter(({ facts, access }) => access.record(facts.decision.subject.id))
    .filter(({ access }) => !about || asked.record(about) || access.record(about))
}

/** One decision that the caller may see. Throws NotFound or ContentsErased. */
export async function seenDecision(doors: RouteContext, caller: SessionCaller, id: string): Promise<SeenDecision> {
  const decision = await doors.store.decision(id)
  const [seen] = await seenDecisions(doors, caller, decision ? [decision] : [])
  if (!seen) await refuseErased(doors, caller, id)
  if (!seen) throw new NotFound('decision')
  return seen
}
