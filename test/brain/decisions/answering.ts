// A person's answer to a decision of the world, and what the run then reports.
import { answerDecision, type Answer } from '../../../server/brain/decisions/answers/answer.ts'
import type { LoadedDecision } from '../../../server/brain/decisions/view/decision-view.ts'
import { render } from '../../../server/brain/domain/phrase.ts'
import { createVisibility } from '../../../server/brain/visibility/visibility.ts'
import { USERS } from './acme.ts'
import { HOLD_SECONDS, PERMISSIONS, type Who, type World } from './world.ts'

/** Answers as one of the users; `more` replaces parts of the answer, `claims` those of its token. */
export type AnswerAs = (
  facts: LoadedDecision,
  who: Who,
  verb: Answer['verb'],
  more?: Partial<Answer>,
  claims?: Record<string, unknown>,
) => Promise<void>

export function answerIn(world: World): AnswerAs {
  return async (facts, who, verb, more = {}, claims = {}) =>
    answerDecision(
      {
        ...world,
        ids: { next: () => crypto.randomUUID(), salt: () => 's'.repeat(11) + crypto.randomUUID() },
        visibility: createVisibility(world),
        holdSeconds: HOLD_SECONDS,
      },
      {
        decisionId: facts.decision.id,
        verb,
        caller: { userId: USERS[who], permissions: PERMISSIONS[who] },
        ...(verb === 'approve' ? { digest: facts.changeSet.digest } : {}),
        token: await world.token(who, facts, verb, claims),
        ...more,
      },
    )
}

export const SEES_ALL = { record: () => true, field: () => true }

/** The observations of a run as `kind: text`, for a reader who sees everything. */
export async function observationsOf(world: World, runId: string): Promise<string[]> {
  const observations = await world.store.observations(runId, null, 100)
  return observations.map(({ kind, text }) => `${kind}: ${render(text, SEES_ALL)}`)
}
