import type { Operation } from '../../../contract/operations/operation.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { MissionVersion } from '../../domain/mission.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Check, NamedRecord, Proposal, RatedBadge } from '../../domain/proposal.ts'
import type { NewObservation } from '../../domain/run.ts'
import type { Given } from '../../questions/asking/question.ts'

/** What a template sees. */
export interface Drafting {
  mission: Pick<MissionVersion, 'definition' | 'grant'>
  given: Given
  /** Answers by question, as their kinds left them. */
  answers: Readonly<Record<string, unknown>>
}

/** What one template adds to the proposal. */
export interface Part {
  operations: Operation[]
  /** The operations in a sentence; names are cut to so many words. */
  sentence(words: number): Phrase
  say: NewObservation[]
  badges: RatedBadge[]
  /** Fields that the approvers must have seen, as `Object.Field`. */
  gatedFields: string[]
  checks: Check[]
  wrongIf: Phrase[]
  lost: Proposal['lost']
  moves: Proposal['moves']
  names: NamedRecord[]
  /** Values of touched records that no step has read by itself. */
  before: Record<string, RecordValues['values']>
  /** How many records hang on a record that may end, by id: a review compares them. */
  related: Record<string, number>
}

export const NOTHING: Part = {
  operations: [],
  sentence: () => [],
  say: [],
  badges: [],
  gatedFields: [],
  checks: [],
  wrongIf: [],
  lost: [],
  moves: [],
  names: [],
  before: {},
  related: {},
}
