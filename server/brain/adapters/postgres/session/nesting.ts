import { AsyncLocalStorage } from 'node:async_hooks'

/** The database was used from inside one of its own transactions: with one session that would deadlock. */
export class NestedUse extends Error {
  constructor() {
    super('the store was used from inside one of its transactions: use the transaction that was handed in')
  }
}

const inside = new AsyncLocalStorage<boolean>()

/** Runs a transaction's work in a context that `refuseNestedUse` recognises. */
export function markTransaction<T>(work: () => Promise<T>): Promise<T> {
  return inside.run(true, work)
}

/** Runs work outside the context of the surrounding transaction, such as listeners. */
export function outsideTransaction<T>(work: () => T): T {
  return inside.run(false, work)
}

/** Throws NestedUse when called inside a transaction. */
export function refuseNestedUse(): void {
  if (inside.getStore()) throw new NestedUse()
}
