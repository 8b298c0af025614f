import { AsyncLocalStorage } from 'node:async_hooks'

/** The database was used again from inside one of its own transactions: with one session that would wait for itself for ever. */
export class NestedUse extends Error {
  constructor() {
    super('the store was used from inside one of its transactions: use the transaction that was handed in')
  }
}

const inside = new AsyncLocalStorage<boolean>()

/** Runs a transaction's work, so that `refuseNestedUse` can tell. */
export function markTransaction<T>(work: () => Promise<T>): Promise<T> {
  return inside.run(true, work)
}

/** For what must not be seen as part of the transaction it was started from, such as listeners. */
export function outsideTransaction<T>(work: () => T): T {
  return inside.run(false, work)
}

/** Throws NestedUse when called from inside a transaction's work. */
export function refuseNestedUse(): void {
  if (inside.getStore()) throw new NestedUse()
}
