// Reasoning over records: evidence and knowledge in, a stream of claims and one answer out. Rules or a model, behind one port.
import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { KnowledgeVersion } from '../../../domain/mission.ts'
import type { Evidence } from '../../../matching/evidence/evidence.ts'
import type { Difference } from '../../../matching/evidence/difference.ts'
import type { AskModel } from '../../../runs/phase.ts'
import type { Claim, WithheldField } from '../../asking/question.ts'
import type { Band } from '../../../matching/judge.ts'

/** Two records and the result of their comparison; plain data, so that it can be journalled. */
export interface PairFinding {
  a: string
  b: string
  verdict: 'same' | 'different' | 'unrelated'
  band: Band | null
  why: Difference | null
  points: number
  evidence: Evidence[]
}

export interface SameEntityEvidence {
  lead: RecordValues
  accounts: RecordValues[]
  /** Accounts that people said are not the same; without `other` as none. */
  apart?: readonly { record: string; other: string | null }[]
}

/** A language model's verdict on a pair, beside the rules' verdict. It advises and never decides. */
export interface Opinion {
  a: string
  b: string
  verdict: 'same' | 'different'
  /** True when the rules gave the same verdict. */
  agrees: boolean
}

/** Answer: the accounts that are the lead's company. */
export interface SameEntityAnswer {
  /** The account that fits the lead best; null when none does, or two do equally well. */
  chosen: string | null
  /** `chosen` and every account that is the same company. */
  company: string[]
  band: Band | null
  /** Accounts that fit equally well, when none was chosen for that reason. */
  tied: string[]
  pairs: PairFinding[]
  /** Empty when no model was called. */
  opinions: Opinion[]
  /** The model's claims that cited nothing that was read; absent when no model was called. */
  dropped?: number
  /** Absent when nothing was withheld, or no model was asked. */
  withheld?: WithheldField[]
}

/** Outside calls of a reasoner: their answers go through the run's journal. */
export interface Outside {
  /** Null where no language model is set up. */
  model: AskModel | null
  /** `Object.Field` that a model may read; null when the mission uses no model. */
  modelFields: readonly string[] | null
}

export interface Reasoner {
  /** Yields claims as they are made and returns the answer. Every claim cites records of the evidence only. */
  sameEntity(
    evidence: SameEntityEvidence,
    knowledge: readonly KnowledgeVersion[],
    outside: Outside,
  ): AsyncGenerator<Claim, SameEntityAnswer, void>
}
