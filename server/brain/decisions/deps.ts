import type { Run } from '../domain/run.ts'
import type { Clock, Ids } from '../ports/clock.ts'
import type { DecisionWrites } from '../ports/decisions.ts'
import type { Salesforce } from '../ports/salesforce.ts'
import type { Checkpoints, Transactions, Tx } from '../ports/store.ts'
import type { PhaseTx } from '../runs/phase.ts'

/** The one step of a phase that locks a decision outside the transaction of its result: ending the hold before the write. */
export type HoldTx = Pick<DecisionWrites, 'lockDecision' | 'updateDecision'>

/** Dependencies of the phases `decide` and `commit`. */
export interface DecidingDeps {
  store: Transactions<HoldTx> & Checkpoints
  clock: Clock
  ids: Ids
  salesforce: Salesforce
  holdSeconds: number
  settleSeconds: number
  /** Runs in the transaction that gives the verdict `verified`. */
  onVerified(tx: PhaseTx, run: Run): Promise<void>
  /** Runs in the transaction that gives the verdict `partly`, when what stands can be put back. */
  onPartly(tx: Tx, run: Run): Promise<void>
}
