// Transactions: what runs in one either all stays or nothing does, with one log entry and its change events.
import type { Caller, ChangeEvent, EventDraft } from '../org/org.ts'
import { type Core, rightsOf, type Write } from '../rules/core.ts'
import { Draft, type Operation } from '../store/draft.ts'
import type { Journal } from '../journal/journal.ts'
import { OrgError } from '../org/org.ts'
import { runFlows } from '../write/flows.ts'

export class Transactions {
  private readonly core: Core
  private readonly journal: Journal
  private running: Draft | undefined

  constructor(core: Core, journal: Journal) {
    this.core = core
    this.journal = journal
  }

  /** Runs `work` in a transaction of its own; refused ones are logged too, with `committed: false`. */
  run<T>(caller: Caller, work: () => T): T {
    if (this.running) throw new Error('a transaction must not be started inside another')
    const draft = new Draft(caller)
    const { result, events } = this.commit(draft, work)
    this.journal.publish(events, draft)
    return result
  }

  private commit<T>(draft: Draft, work: () => T): { result: T; events: ChangeEvent[] } {
    const { store, rights } = this.core
    const username = this.username(draft.caller)
    this.running = draft
    store.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      const events = this.journal.keep(draft, username, true)
      store.exec('COMMIT')
      this.running = undefined
      return { result, events }
    } catch (error) {
      store.exec('ROLLBACK')
      this.running = undefined
      rights.forget()
      this.core.automation.recheck()
      this.journal.keep(draft, username, false)
      throw error
    }
  }

  /** One row verb: its own transaction unless one is running, then a savepoint in it, so that a refusal leaves no trace. */
  step<T>(caller: Caller, operation: Operation, work: (write: Write) => T, idOf: (result: T) => string | null): T {
    if (!this.running) return this.run(caller, () => this.step(caller, operation, work, idOf))
    const draft = this.running
    const { store, rights } = this.core
    const mark = draft.mark()
    store.exec(`SAVEPOINT ${mark.name}`)
    try {
      const user = rightsOf(this.core, caller.userId)
      const write: Write = { ...this.core, caller, user, draft, saved: [] }
      const result = work(write)
      runFlows(write)
      store.exec(`RELEASE ${mark.name}`)
      draft.operation({ ...operation, id: idOf(result) ?? operation.id })
      return result
    } catch (error) {
      store.exec(`ROLLBACK TO ${mark.name}`)
      store.exec(`RELEASE ${mark.name}`)
      rights.forget()
      draft.fallBack(mark)
      const code = error instanceof OrgError ? error.body.errorCode : 'UNKNOWN_EXCEPTION'
      draft.operation({ ...operation, error: code })
      throw error
    }
  }

  /** Keeps events that no write made, in the running transaction or one of their own. */
  emit(caller: Caller, drafts: EventDraft[]): ChangeEvent[] {
    const { running } = this
    if (!running) return this.run(caller, () => this.emit(caller, drafts))
    const events = drafts.map((draft, i) => this.journal.emit(draft, caller, i + 1))
    running.emitted.push(...events)
    return events
  }

  get isRunning(): boolean {
    return this.running !== undefined
  }

  private username(caller: Caller): string {
    const row = this.core.store.row(this.core.catalog.get('User'), caller.userId)
    return String(row?.['Username'] ?? '')
  }
}
