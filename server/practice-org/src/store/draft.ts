// What one running transaction has done so far: its operations for the log, its changes of records for the events.
import type { Caller, ChangeEvent, Transaction } from '../org/org.ts'
import type { ObjectDef } from '../schema/catalog.ts'
import type { Row } from './row.ts'

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'
export type Operation = Transaction['operations'][number]

/** One record that a transaction changes; `after` is the row as it leaves it. */
export interface Change {
  type: ChangeType
  object: ObjectDef
  id: string
  changed: string[]
  after: Row
}

/** What one running transaction has done so far. */
export class Draft {
  readonly caller: Caller
  readonly operations: Operation[] = []
  /** Already kept in the store, to be announced when the transaction commits. */
  readonly emitted: ChangeEvent[] = []
  private readonly changes: Change[] = []
  private depth = 0

  constructor(caller: Caller) {
    this.caller = caller
  }

  operation(operation: Operation): void {
    this.operations.push(operation)
  }

  change(type: ChangeType, object: ObjectDef, id: string, changed: string[], after: Row): void {
    if (!object.virtual) this.changes.push({ type, object, id, changed, after })
  }

  /** A name for a savepoint, unique within the transaction, and where to fall back to. */
  mark(): { name: string; changes: number } {
    return { name: `s${this.depth++}`, changes: this.changes.length }
  }

  /** Forgets what happened since the mark; the operations stay, with their error. */
  fallBack(mark: { changes: number }): void {
    this.changes.length = mark.changes
  }

  /** One change per record: later ones are folded into the first, as one commit shows only its outcome. */
  merged(): Change[] {
    const byRecord = new Map<string, Change>()
    for (const change of this.changes) {
      const before = byRecord.get(change.id)
      if (!before || before.type === 'DELETE') byRecord.set(change.id, change)
      else if (change.type === 'DELETE') {
        byRecord.delete(change.id)
        if (before.type !== 'CREATE') byRecord.set(change.id, change)
      } else {
        byRecord.set(change.id, {
          ...before,
          changed: [...new Set([...before.changed, ...change.changed])],
          after: change.after,
        })
      }
    }
    return [...byRecord.values()]
  }
}
