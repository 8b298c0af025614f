import type { ModelCall, ModelClaims } from '../domain/model-call.ts'
import type { Run } from '../domain/run.ts'

export interface OversightWrites {
  addModelCall(call: ModelCall): Promise<void>
  /** Idempotent on the run. */
  addModelClaims(run: Pick<Run, 'id' | 'mission'>, claims: ModelClaims): Promise<void>
}
