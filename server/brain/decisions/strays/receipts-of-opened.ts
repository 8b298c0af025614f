// A person opens a decision: before it is shown for answering, its receipt is looked for in the org.
import { setTimeout as delay } from 'node:timers/promises'
import type { Decision } from '../../domain/decision.ts'
import type { Salesforce } from '../../ports/salesforce.ts'
import type { Transactions } from '../../ports/store.ts'
import { lookForReceipt } from './settle-by-receipt.ts'

interface OpenedDeps {
  store: Transactions
  salesforce: Salesforce
  onError(error: unknown): void
}

/** A page waits no longer for it; what is found later reaches the page as a change of the decision. */
const WAIT_MS = 2_000
/** Decisions remembered as looked for. */
const MOST = 10_000

/**
 * One look per open decision and process: a receipt is older than the process, which starts after a restore, or is found by the
 * workers, which compare all receipts again and again.
 */
export class ReceiptsOfOpened {
  readonly #deps: OpenedDeps
  readonly #looked = new Set<string>()

  constructor(deps: OpenedDeps) {
    this.#deps = deps
  }

  /** True when the org was asked now, so that the decision may have changed. */
  async look({ id, status, createdAt }: Pick<Decision, 'id' | 'status' | 'createdAt'>): Promise<boolean> {
    if (status !== 'open' || this.#looked.has(id)) return false
    if (this.#looked.size >= MOST) this.#looked.clear()
    this.#looked.add(id)
    const looking = lookForReceipt(this.#deps, { id, createdAt }).catch((error: unknown) => {
      this.#looked.delete(id)
      this.#deps.onError(error)
    })
    await Promise.race([looking, delay(WAIT_MS, undefined, { ref: false })])
    return true
  }
}
