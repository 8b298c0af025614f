import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { StoppableThere } from '../../../contract/switch.ts'
import type { TriggerRequest } from '../../domain/run.ts'
import type { Clock, Ids } from '../../ports/clock.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { Store } from '../../ports/store.ts'
import type { BackTested, DraftVersion } from '../../trials/back-test.ts'
import type { Replay } from '../../replay/shapes/replay.ts'
import type { UndoAsked } from '../../undo/start-undo.ts'

export interface HttpConfig {
  /** Audience of session tokens, and the only host that requests may name. */
  publicUrl: string
  /** Origins of Lightning pages, e.g. `https://acme.lightning.force.com`. */
  allowedOrigins: readonly string[]
  /** 18-character org id: the only issuer of tokens. */
  orgId: string
  /** Public keys of the org (PEM, SPKI): the current one and, during a rotation, the next. */
  orgKeys: readonly string[]
  holdSeconds: number
  /** API requests per user and minute; 600 by default. */
  requestsPerMinute?: number
  /** Requests without a valid token per address and minute; 120 by default. */
  failedSignInsPerMinute?: number
  /** Refused requests of one user in a row that count as probing; 20 by default. */
  refusalsInARow?: number
}

/** Dependencies of the HTTP and MCP doors; `compose.ts` supplies them. */
export interface BrainDeps {
  store: Store
  salesforce: Salesforce
  clock: Clock
  ids: Ids
  config: HttpConfig
  startRun(request: TriggerRequest): Promise<{ runId: string; created: boolean }>
  /** Starts the undo of a decision; throws NotFound or Conflict. */
  startUndo(asked: UndoAsked): Promise<{ runId: string }>
  /** Steers a run for a person; throws IllegalTransition when the run's state does not allow it. */
  steerRun(verb: 'pause' | 'resume' | 'cancel', runId: string, userId: string): Promise<void>
  /** Replays a run from its record; throws NotFound or ContentsErased. */
  replayRun(runId: string): Promise<Replay>
  /** What a draft would have made of a run's recorded facts; throws the same. */
  backTestRun(runId: string, draft: DraftVersion): Promise<BackTested>
  /** The switch of salesforce-mcp itself: it is set after the brain's, so that writes under way stop at once as well. */
  salesforceSwitch?: {
    stop(what: StoppableThere): Promise<void>
    start(token: string): Promise<void>
    position(): Promise<{ writes: boolean; reads: boolean; missions: readonly string[] } | null>
  }
  /** True when the process can serve: store open, salesforce-mcp reachable. */
  ready?(): Promise<boolean>
  log: Logger
  metrics: Registry
}
