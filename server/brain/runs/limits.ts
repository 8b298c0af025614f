import type { Phase } from '../../contract/states.ts'
import { OverLimit } from '../domain/errors.ts'
import { secondsBetween } from '../../contract/values/instant.ts'
import type { MissionVersion } from '../domain/mission.ts'

/** How far a run has come with what its mission allows it. */
export interface Spent {
  phase: Phase
  /** Salesforce calls of this run, those before a hold included. */
  apiCalls: number
  /** Tokens of a language model, those before a hold included. */
  tokens: number
  /** When this stretch of work began: waiting and holding do not count. */
  since: string
  now: string
}

/**
 * Throws OverLimit when the run may ask nothing more from outside. Only until it proposes: what people answered is carried out
 * whole, or nothing of it.
 */
export function assertWithinLimits(
  { definition }: MissionVersion,
  { phase, apiCalls, tokens, since, now }: Spent,
): void {
  if (phase === 'decide' || phase === 'commit') return
  const { limits } = definition
  if (apiCalls >= limits.apiCalls) throw new OverLimit(`${limits.apiCalls} Salesforce calls`)
  if (tokens > limits.tokens) throw new OverLimit(`${limits.tokens} tokens of a language model`)
  if (secondsBetween(since, now) >= limits.minutes * 60) throw new OverLimit(`${limits.minutes} min of work`)
}

/** Tokens that the next call of a language model may answer with. Throws OverLimit when none are left. */
export function tokensLeft({ definition }: MissionVersion, { tokens }: Pick<Spent, 'tokens'>): number {
  const { limits } = definition
  if (tokens >= limits.tokens) throw new OverLimit(`${limits.tokens} tokens of a language model`)
  return limits.tokens - tokens
}
