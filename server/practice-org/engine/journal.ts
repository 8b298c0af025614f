// The transaction log and the change events of an org: collected while a transaction runs, kept when it commits.
import { createHash } from 'node:crypto'
import type { Caller, ChangeEvent, EventDraft, Transaction, Value } from '../org.ts'
import type { Catalog, FieldDef, ObjectDef } from './catalog.ts'
import type { Row, Store } from './store.ts'
import { toJson } from './values.ts'

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'
export type Operation = Transaction['operations'][number]

interface Change {
  type: ChangeType
  object: ObjectDef
  id: string
  changed: string[]
  after: Row
}

const RETENTION_MS = 72 * 3_600_000
/** Conditions of the names that stand for many topics. */
const WIDE: Record<string, string> = { '*': '', ChangeEvents: ` AND topic LIKE '%ChangeEvent'` }
const UNSENT = new Set([
  'Id',
  'IsDeleted',
  'MasterRecordId',
  'SystemModstamp',
  'ExpectedRevenue',
  'FiscalQuarter',
  'FiscalYear',
  'LastStageChangeDate',
  'LastActivityDate',
  'LastViewedDate',
  'LastReferencedDate',
  'IsPersonAccount',
  'IsHighPriority',
  'IsArchived',
  'CompletedDateTime',
])

/** Fields of an object's change event, in schema order; addresses and names come as their parts. */
export const eventFieldsOf = (object: ObjectDef): FieldDef[] =>
  object.fields.filter((field) => !UNSENT.has(field.name) && field.type !== 'address')

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
    if (object.changeEvents) this.changes.push({ type, object, id, changed, after })
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

export class Journal {
  private readonly store: Store
  private readonly catalog: Catalog
  private readonly orgId: string
  private readonly now: () => number
  private readonly listeners = new Set<(events: ChangeEvent[]) => void>()

  constructor(store: Store, catalog: Catalog, orgId: string, now: () => number) {
    this.store = store
    this.catalog = catalog
    this.orgId = orgId
    this.now = now
  }

  onEvents(listener: (events: ChangeEvent[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** To be called after COMMIT, never inside a transaction: a listener may read the org. */
  publish(events: ChangeEvent[]): void {
    if (events.length) for (const listener of this.listeners) listener(events)
  }

  /** Writes the log entry and the change events of a transaction; part of that transaction when it commits. */
  keep(draft: Draft, username: string, committed: boolean): ChangeEvent[] {
    const { caller, operations } = draft
    const changes = committed ? draft.merged() : []
    if (operations.length === 0 && changes.length === 0) return committed ? draft.emitted : []
    const n = this.store.nextNumber('transaction')
    const receipt = operations.find(
      (each) => each.object === 'Mission_Receipt__c' && each.verb === 'create' && !each.error,
    )
    const key = committed ? receipt?.fields?.['Key__c'] : undefined
    const entry: Transaction = {
      n,
      at: new Date(this.now()).toISOString(),
      userId: caller.userId,
      username,
      api: caller.api,
      client: caller.client ?? '',
      committed,
      receiptKey: typeof key === 'string' ? key : null,
      operations,
    }
    this.store.run('INSERT INTO _transaction(n, body) VALUES (?, ?)', [n, JSON.stringify(entry)])
    const events = changes.map((change, i) => this.event(change, caller, n, i + 1))
    for (const event of events) this.insert(event)
    if (events.length) this.store.run('DELETE FROM _event WHERE at < ?', [this.now() - RETENTION_MS])
    return committed ? [...draft.emitted, ...events] : []
  }

  private insert(event: ChangeEvent): void {
    this.store.run('INSERT INTO _event(replayId, topic, at, body) VALUES (?, ?, ?, ?)', [
      event.replayId,
      event.topic,
      event.header.commitTimestamp,
      JSON.stringify(event),
    ])
  }

  /** Keeps an event that no change of a record made; part of the transaction that runs. */
  emit(draft: EventDraft, caller: Caller, sequenceNumber: number): ChangeEvent {
    const replayId = this.store.nextNumber('replay')
    const header = this.header(draft.entityName, caller, replayId, sequenceNumber)
    const { topic, fields, changeType = 'CREATE', recordIds = [] } = draft
    const event = { replayId, topic, header: { ...header, changeType, recordIds }, fields }
    this.insert(event)
    return event
  }

  private event(change: Change, caller: Caller, n: number, sequenceNumber: number): ChangeEvent {
    const { object, after } = change
    const sent = eventFieldsOf(object)
    const touched = new Set([...change.changed, 'LastModifiedDate'])
    const isUpdate = change.type === 'UPDATE'
    const included = sent.filter((field) => (isUpdate ? touched.has(field.name) : after[field.name] !== null))
    const fields: Record<string, Value> = {}
    if (change.type !== 'DELETE')
      for (const field of included) fields[field.name] = toJson(field, after[field.name] ?? null)
    const changedFields = isUpdate ? included.map((field) => field.name) : []
    return {
      replayId: this.store.nextNumber('replay'),
      topic: topicOf(object),
      header: {
        ...this.header(object.name, caller, n, sequenceNumber),
        recordIds: [change.id],
        changeType: change.type,
        nulledFields: changedFields.filter((name) => (after[name] ?? null) === null),
        changedFields,
      },
      fields,
    }
  }

  /** What a header says of who and when; `n` names the transaction. */
  private header(entityName: string, caller: Caller, n: number, sequenceNumber: number) {
    const client = caller.client ? `;client=${caller.client}` : ''
    return {
      entityName,
      changeOrigin: caller.api === 'ui' ? '' : `com/salesforce/api/${caller.api}/${caller.version}${client}`,
      transactionKey: this.transactionKey(n),
      sequenceNumber,
      commitTimestamp: this.now(),
      commitUser: caller.userId,
      commitNumber: 10_000_000_000_000 + n,
      nulledFields: [] as string[],
      changedFields: [] as string[],
    }
  }

  private transactionKey(n: number): string {
    const hex = createHash('sha256').update(`${this.orgId}/${n}`).digest('hex')
    return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join('-')
  }

  eventsAfter(topics: string | readonly string[], replayId: number, limit: number): ChangeEvent[] {
    const wide = typeof topics === 'string' ? WIDE[topics] : undefined
    const names = wide === undefined ? [topics].flat() : []
    const chosen = wide ?? ` AND topic IN (${names.map(() => '?').join(', ')})`
    const rows = this.store.select(
      `SELECT body FROM _event WHERE replayId > ? AND at >= ?${chosen} ORDER BY replayId LIMIT ?`,
      [replayId, this.now() - RETENTION_MS, ...names, limit],
    )
    return rows.map(([body]) => JSON.parse(String(body)) as ChangeEvent)
  }

  latestReplayId(): number {
    return Number(this.store.select(`SELECT value FROM _counter WHERE name = 'replay'`, [])[0]?.[0] ?? 0)
  }

  transactions(after: number): Transaction[] {
    const rows = this.store.select('SELECT body FROM _transaction WHERE n > ? ORDER BY n', [after])
    return rows.map(([body]) => JSON.parse(String(body)) as Transaction)
  }

  eventFields(topic: string): { name: string; type: string }[] | undefined {
    const object = this.catalog.objects.find((each) => each.changeEvents && topicOf(each) === topic)
    return object && eventFieldsOf(object).map(({ name, type }) => ({ name, type }))
  }
}

/** `AccountChangeEvent`; `X__c` becomes `X__ChangeEvent`. */
export const topicOf = (object: ObjectDef): string =>
  object.name.endsWith('__c') ? object.name.replace(/__c$/, '__ChangeEvent') : `${object.name}ChangeEvent`
