import type { Clock, Ids, Salesforce, Store } from '../domain/ports.ts'

/** What the phases `decide` and `commit` work with; `store` serves the one step that must lock a decision before a write. */
export interface DecidingDeps {
  store: Pick<Store, 'transaction' | 'checkpoint'>
  clock: Clock
  ids: Ids
  salesforce: Salesforce
  holdSeconds: number
  settleSeconds: number
}
