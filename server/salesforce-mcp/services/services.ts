import type { z } from 'zod'
import type { Drift, TransactionOutcome } from '../../contract/tool-shapes.ts'
import type { ToolName, ToolOutput, tools } from '../../contract/tools.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import type { DecisionVerifier } from '../approvals/decision-verifier.ts'
import type { WriteSwitch } from './write-switch.ts'
import { Readable } from '../grants/readable.ts'
import type { Register } from '../grants/register.ts'
import type { GrantStore } from '../grants/store.ts'
import type { CallCount } from '../org/calls.ts'
import type { OrgConnection } from '../org/connection.ts'
import type { SchemaCache } from '../org/describe.ts'

/** The result of a commit. */
export interface Committed {
  transactions: TransactionOutcome[]
  before?: RecordValues[]
  drift: Drift[]
  gate: ToolOutput<'commitChangeSet'>['gate']
  lapsed: ToolOutput<'commitChangeSet'>['lapsed']
  unheld?: ToolOutput<'commitChangeSet'>['unheld']
}

/** The dependencies of the tools; `compose.ts` makes them once. */
export interface Services {
  orgId: string
  /** Namespace of the installed package, empty when the metadata is the org's own. */
  namespace: string
  reader: OrgConnection
  writer: OrgConnection
  schemas: SchemaCache
  desk: DecisionVerifier
  grants: GrantStore
  /** Activations, as the org keeps them. */
  register: Register
  /** How long an activation lasts. */
  activationDays: number
  writes: WriteSwitch
  /** Commits at work, by digest: a second call for one of them gets its answer and starts none. */
  committing: Map<string, Promise<Committed>>
  /** Waits before a locked or lost transaction is sent again. */
  pausesMs: readonly number[]
  now: () => Date
}

export interface ToolCall {
  services: Services
  count: CallCount
  /** When a commit may no longer begin; null when the caller named no time. */
  notAfter: Date | null
}

export type ToolArguments<T extends ToolName> = z.output<(typeof tools)[T]['input']>
export type Tool<T extends ToolName> = (input: ToolArguments<T>, call: ToolCall) => Promise<ToolOutput<T>>

/** The names that this grant reads. Throws `not-granted` when it is not open. */
export function readableOf(grant: string, { services, count }: ToolCall): Readable {
  return new Readable(services.grants.get(grant), services.schemas, count)
}
