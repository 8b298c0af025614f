import type { Phase } from '../../../contract/states.ts'
import { OverLimit, PriceUnknown } from '../../domain/errors.ts'
import { secondsBetween } from '../../../contract/values/instant.ts'
import { microsOf, tokensFor, type TokenPrice } from '../../../contract/values/money.ts'
import type { MissionVersion } from '../../domain/mission.ts'

/** How far a run has come with what its mission allows it. */
export interface Spent {
  phase: Phase
  /** Salesforce calls of this run, those before a hold included. */
  apiCalls: number
  /** Tokens of a language model, those before a hold included. */
  tokens: number
  /** Their cost, in millionths. */
  costMicros: number
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
  { phase, apiCalls, tokens, costMicros, since, now }: Spent,
): void {
  if (phase === 'decide' || phase === 'commit') return
  const { limits } = definition
  if (apiCalls >= limits.apiCalls) throw new OverLimit(`${limits.apiCalls} Salesforce calls`)
  if (tokens > limits.tokens) throw new OverLimit(`${limits.tokens} tokens of a language model`)
  if (limits.cost !== undefined && costMicros > microsOf(limits.cost)) throw new OverLimit(costWords(limits.cost))
  if (secondsBetween(since, now) >= limits.minutes * 60) throw new OverLimit(`${limits.minutes} min of work`)
}

/**
 * Tokens that the next call of a language model may answer with. Throws OverLimit when none are left, and PriceUnknown when the
 * mission limits the cost and the settings name no price.
 */
export function tokensLeft(
  { definition }: MissionVersion,
  { tokens, costMicros }: Pick<Spent, 'tokens' | 'costMicros'>,
  price: TokenPrice | null,
): number {
  const { limits } = definition
  if (tokens >= limits.tokens) throw new OverLimit(`${limits.tokens} tokens of a language model`)
  const left = limits.tokens - tokens
  if (limits.cost === undefined) return left
  if (!price) throw new PriceUnknown()
  const paid = tokensFor(price, microsOf(limits.cost) - costMicros)
  if (paid < 1) throw new OverLimit(costWords(limits.cost))
  return Math.min(left, paid)
}

const costWords = (cost: string): string => `${cost} for language models`
