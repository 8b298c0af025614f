import type { ModelCall, ModelClaims } from '../domain/model-call.ts'
import type { ModelInUse, ModelRelease } from '../domain/model-release.ts'
import type { Run } from '../domain/run.ts'

export interface OversightWrites {
  addModelCall(call: ModelCall): Promise<void>
  /** Idempotent on the run. */
  addModelClaims(run: Pick<Run, 'id' | 'mission'>, claims: ModelClaims): Promise<void>
}

export interface ModelReleaseReads {
  /** Oldest first. */
  modelReleases(): Promise<ModelRelease[]>
}

export interface ModelReleaseWrites {
  /** Appends a release; its number, time and hash are made here. */
  appendModelRelease(release: ModelInUse & { by: string }): Promise<void>
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
}
