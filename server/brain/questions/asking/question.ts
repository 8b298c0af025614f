// What a kind of question is: how it is asked, what its answer is made of, and how it is answered.
import type { z } from 'zod'
import type { Source } from '../../../contract/operations/fields.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'
import type { KnowledgeVersion, ReadStep } from '../../domain/mission.ts'
import type { ModelClaims } from '../../domain/model-call.ts'
import type { Phrase } from '../../domain/phrase.ts'
import type { Check, NamedRecord } from '../../domain/proposal.ts'
import type { Variables } from '../../expressions/environment.ts'
import type { Setting } from '../../../contract/expressions/functions.ts'
import type { KnowledgeDocument } from '../../knowledge/document.ts'
import type { AskModel } from '../../runs/phase.ts'
import type { Evidence } from './evidence.ts'

/** A statement made on the way to an answer, with the records and fields it rests on. */
export interface Claim {
  kind: 'noticed' | 'concluded'
  text: Phrase
  records: RecordKey[]
  /** `Object.Field`. */
  fields: string[]
  citations: string[]
  by: 'rule' | 'model'
}

/** A field whose text addresses a language model, so that none reads it. The rules read it as data. */
export interface WithheldField {
  record: NamedRecord
  field: string
  /** Names of the signs of injection. */
  signs: string[]
}

/** A fault of a question as it is written; `path` lies inside the question. */
export interface QuestionFault {
  path: readonly (string | number)[]
  message: string
  /** Where it lies, when that is in a knowledge document. */
  at?: { file: string; line: number; column: number }
}

/** What there is when a question is checked, before anything is read. */
export interface Asking {
  steps: readonly ReadStep[]
  /** Null where no document is called so. */
  document(name: string): KnowledgeDocument | null
  /** Steps, and the answers before this question. */
  variables: Variables
}

/** What there is when a question is answered. */
export interface Given extends Asking {
  evidence: Evidence
  /** Values of `variables`. */
  values: Readonly<Record<string, unknown>>
  sources: Sources
  setting: Setting
  version(name: string): KnowledgeVersion
  /** Null where no language model is set up. */
  model: AskModel | null
}

/** Where a value comes from, by variable and member; a member that is not there has the source of its whole, `''`. */
export type Sources = Readonly<Record<string, Readonly<Record<string, Source>>>>

export type Band = 'strong' | 'likely' | 'uncertain'

/** An answer as the rest of the mission meets it. */
export interface Meaning {
  /** Members by name; null when nothing was found. */
  values: Readonly<Record<string, unknown>> | null
  sources: Readonly<Record<string, Source>>
  /** Null: the answer does not bear on how sure the proposal is. */
  band: Band | null
  checks: Check[]
  /** What would make the answer wrong. */
  wrongIf: Phrase[]
  claims?: ModelClaims
  /** Texts that no language model was given. */
  withheld?: readonly WithheldField[]
  /** Records it was concluded from, with the fields that were looked at. */
  restsOn: readonly Ground[]
}

/** Fields of a record that something was concluded from. */
export interface Ground {
  record: RecordValues
  fields: readonly string[]
}

export interface QuestionKind<Asked, Answer> {
  /** How it stands in a mission's file, without its name and kind. */
  file: z.ZodObject & z.ZodType<Asked>
  /** Whether a run has nothing to do when nothing is found. */
  ends: boolean
  check(asked: Asked, asking: Asking): QuestionFault[]
  /** Members that expressions may take of the answer. */
  members(asked: Asked, asking: Asking): readonly string[]
  /** Documents it rests on. */
  documents(asked: Asked): string[]
  /** Users, by username, that an answer may name. */
  users(asked: Asked, asking: Asking): string[]
  /** Expressions over steps that the question evaluates; `lead.*` stands for every field. Absent: every field of every step. */
  uses?(asked: Asked, asking: Asking): string[]
  /** `Object.Field` that may reach a language model. */
  modelFields(asked: Asked): { path: readonly (string | number)[]; field: string }[]
  /** The question in a sentence for people. */
  sentence(asked: Asked): string
  /** Yields claims as they are made, and returns the answer: plain data. Every claim cites records that were read. */
  ask(asked: Asked, given: Given): AsyncGenerator<Claim, Answer, void>
  meaning(asked: Asked, answer: Answer, given: Given): Meaning
}

/** A kind behind its types, as the machine meets it. */
export type AnyQuestionKind = QuestionKind<unknown, unknown>

/** The object whose records a step reads. */
export const objectOfStep = (step: ReadStep): string => ('match' in step ? step.match : step.object)

export const recordOf = (evidence: Evidence, step: string): RecordValues | null => evidence.records[step]?.[0] ?? null
