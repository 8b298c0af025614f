import type { InputCount, InputMix, Mark } from '../domain/input-mix.ts'
import type { ModelCall, ModelClaims } from '../domain/model-call.ts'
import type { ModelInUse, ModelRelease } from '../domain/model-release.ts'
import type { Run } from '../domain/run.ts'

export interface OversightWrites {
  addModelCall(call: ModelCall): Promise<void>
  /** Idempotent on the run. */
  addModelClaims(run: Pick<Run, 'id' | 'mission'>, claims: ModelClaims): Promise<void>
  addMark(mark: Omit<Mark, 'at'>): Promise<void>
}

export interface MarkReads {
  /** From a time on, oldest first. */
  marks(since: string): Promise<Mark[]>
  /** The newest mark of a kind. */
  lastMark(kind: Mark['kind']): Promise<Mark | null>
}

export interface InputCounting {
  /** Counts one run of the mission, in a statement of its own: runs that end at once do not wait for each other's counts. */
  countInputs(mission: string, mix: InputMix): Promise<void>
}

export interface ModelReleaseReads {
  /** Oldest first. */
  modelReleases(): Promise<ModelRelease[]>
}

export interface ModelReleaseWrites {
  /** Appends a release; its number, time and hash are made here. */
  appendModelRelease(release: ModelInUse & { by: string }): Promise<void>
}

/** User who launched, run, mission, or the permission by which the user launched. */
type UsageDimension = 'user' | 'run' | 'mission' | 'role'

/** Use of language models under one key of a dimension, in one currency. */
export interface Usage {
  /** Null: an event started the run. */
  key: string | null
  calls: number
  inputTokens: number
  outputTokens: number
  costMicros: number
  currency: string | null
}

/** A figure with its labels, e.g. the mission. */
export interface Sample {
  labels: Record<string, string>
  value: number
}

/** Numbers about the org's runs as the database has them, by metric name; ages in seconds. */
export type Figures = Readonly<Record<string, readonly Sample[]>>

export interface Oversight {
  /** Read in few statements, for monitoring. */
  figures(): Promise<Figures>
  /** Calls of language models between two times, summed by a dimension, those with most tokens first. */
  usage(by: UsageDimension, between: { from: string; to: string }): Promise<Usage[]>
  /** From a day on, in order of the days. */
  inputCounts(since: string): Promise<InputCount[]>
}
