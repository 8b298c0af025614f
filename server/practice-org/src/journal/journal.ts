// The transaction log and the event stream of an org: kept when a transaction commits, for as long as an org keeps them.
import { createHash } from 'node:crypto'
import type { Caller, ChangeEvent, EventDraft, RecordChange, Transaction } from '../org/org.ts'
import type { Catalog } from '../schema/catalog.ts'
import { changeEvents, eventFieldsOf, fitting, topicOf } from './change-events.ts'
import type { Draft } from '../store/draft.ts'
import type { Store } from '../store/store.ts'

const HOUR_MS = 3_600_000
/** Change events and platform events. */
const RETENTION_MS = 72 * HOUR_MS
/** Notifications of PushTopics and generic channels, whose topics begin with a slash. */
const NOTIFICATION_RETENTION_MS = 24 * HOUR_MS
/** The log is for those who test: the newest entries are enough. */
const KEPT_TRANSACTIONS = 200_000
const PRUNE_EVERY_MS = 60_000
/** Conditions of the names that stand for many topics. */
const WIDE: Record<string, string> = { '*': '', ChangeEvents: ` AND topic LIKE '%ChangeEvent'` }

export interface JournalOptions {
  store: Store
  catalog: Catalog
  orgId: string
  now: () => number
  /** Fields that channels want besides those that changed, by topic. */
  enriched: Record<string, string[]>
  /** The field whose value on a created record names the transaction in the log. */
  key: { object: string; field: string } | null
}

export class Journal {
  private readonly options: JournalOptions
  private readonly store: Store
  private readonly listeners = new Set<(events: ChangeEvent[]) => void>()
  private readonly watchers = new Set<(changes: RecordChange[]) => void>()
  private prunedAt = -Infinity

  constructor(options: JournalOptions) {
    this.options = options
    this.store = options.store
  }

  onEvents(listener: (events: ChangeEvent[]) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  onChanges(watcher: (changes: RecordChange[]) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** To be called after COMMIT, never inside a transaction: a listener may read and write the org. */
  publish(events: ChangeEvent[], draft: Draft): void {
    if (events.length) for (const listener of this.listeners) listener(events)
    if (this.watchers.size === 0) return
    const { caller } = draft
    const changes = draft
      .merged()
      .map(({ type, object, id, changed }) => ({ type, object: object.name, id, changed, userId: caller.userId }))
    if (changes.length) for (const watcher of this.watchers) watcher(changes)
  }

  /** Writes the log entry and the change events of a transaction; part of that transaction when it commits. */
  keep(draft: Draft, username: string, committed: boolean): ChangeEvent[] {
    const { caller, operations } = draft
    const changes = committed ? draft.merged() : []
    if (operations.length === 0 && changes.length === 0) return committed ? this.pruned(draft.emitted) : []
    const n = this.store.nextNumber('transaction')
    const entry = this.entry(draft, n, username, committed)
    this.store.run('INSERT INTO _transaction(n, body) VALUES (?, ?)', [n, JSON.stringify(entry)])
    const bodies = changeEvents(
      changes.filter(({ object }) => object.changeEvents),
      {
        header: (entityName, sequenceNumber) => this.header(entityName, caller, n, sequenceNumber),
        enriched: this.options.enriched,
      },
    )
    const events = bodies.map((body) => this.insert({ replayId: this.store.nextNumber('replay'), ...body }))
    return committed ? this.pruned([...draft.emitted, ...events]) : []
  }

  private entry({ caller, operations }: Draft, n: number, username: string, committed: boolean): Transaction {
    const { key: named } = this.options
    const created = operations.find((each) => each.object === named?.object && each.verb === 'create' && !each.error)
    const key = committed && named ? created?.fields?.[named.field] : undefined
    return {
      n,
      at: new Date(this.options.now()).toISOString(),
      userId: caller.userId,
      username,
      api: caller.api,
      client: caller.client ?? '',
      committed,
      key: typeof key === 'string' ? key : null,
      operations,
    }
  }

  private insert(event: ChangeEvent): ChangeEvent {
    const { event: kept, json } = fitting(event)
    this.store.run('INSERT INTO _event(replayId, topic, at, body) VALUES (?, ?, ?, ?)', [
      kept.replayId,
      kept.topic,
      kept.header.commitTimestamp,
      json,
    ])
    return kept
  }

  /** The same events, after what is past its time has been forgotten. */
  private pruned(events: ChangeEvent[]): ChangeEvent[] {
    const now = this.options.now()
    if (events.length === 0 || Math.abs(now - this.prunedAt) < PRUNE_EVERY_MS) return events
    this.prunedAt = now
    this.store.run('DELETE FROM _event WHERE at < ?', [now - RETENTION_MS])
    // All topics that begin with a slash, as a range that the index on topics answers.
    this.store.run(`DELETE FROM _event WHERE topic >= '/' AND topic < '0' AND at < ?`, [
      now - NOTIFICATION_RETENTION_MS,
    ])
    this.store.run('DELETE FROM _transaction WHERE n <= (SELECT max(n) FROM _transaction) - ?', [KEPT_TRANSACTIONS])
    return events
  }

  /** Keeps an event that no change of a record made; part of the transaction that runs. */
  emit(draft: EventDraft, caller: Caller, sequenceNumber: number): ChangeEvent {
    const replayId = this.store.nextNumber('replay')
    const header = this.header(draft.entityName, caller, replayId, sequenceNumber)
    const { topic, fields, changeType = 'CREATE', recordIds = [] } = draft
    return this.insert({ replayId, topic, header: { ...header, changeType, recordIds }, fields })
  }

  /** What a header says of who and when; `n` names the transaction. */
  private header(entityName: string, caller: Caller, n: number, sequenceNumber: number): ChangeEvent['header'] {
    const client = caller.client ? `;client=${caller.client}` : ''
    return {
      entityName,
      recordIds: [],
      changeType: 'CREATE',
      changeOrigin: caller.api === 'ui' ? '' : `com/salesforce/api/${caller.api}/${caller.version}${client}`,
      transactionKey: this.transactionKey(n),
      sequenceNumber,
      commitTimestamp: this.options.now(),
      commitUser: caller.userId,
      commitNumber: 10_000_000_000_000 + n,
      nulledFields: [],
      changedFields: [],
    }
  }

  private transactionKey(n: number): string {
    const hex = createHash('sha256').update(`${this.options.orgId}/${n}`).digest('hex')
    return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join('-')
  }

  eventsAfter(topics: string | readonly string[], replayId: number, limit: number): ChangeEvent[] {
    const wide = typeof topics === 'string' ? WIDE[topics] : undefined
    const names = wide === undefined ? [topics].flat() : []
    // With several topics the stream is read in its order: an index on topics would sort all of it each time.
    const column = names.length === 1 ? 'topic' : '+topic'
    const chosen = wide ?? ` AND ${column} IN (${names.map(() => '?').join(', ')})`
    const rows = this.store.select(
      `SELECT body FROM _event WHERE replayId > ? AND at >= ?${chosen} ORDER BY replayId LIMIT ?`,
      [replayId, this.keptSince(topics), ...names, limit],
    )
    return rows.map(([body]) => JSON.parse(String(body)) as ChangeEvent)
  }

  /** The oldest event of any topic within the time for which events of these topics are kept. */
  oldestReplayId(topics: string | readonly string[]): number | undefined {
    const sql = 'SELECT replayId FROM _event WHERE at >= ? ORDER BY at, replayId LIMIT 1'
    const [row] = this.store.select(sql, [this.keptSince(topics)])
    return row ? Number(row[0]) : undefined
  }

  private keptSince(topics: string | readonly string[]): number {
    const isNotification = [topics].flat().every((topic) => topic.startsWith('/'))
    return this.options.now() - (isNotification ? NOTIFICATION_RETENTION_MS : RETENTION_MS)
  }

  latestReplayId(): number {
    return Number(this.store.select(`SELECT value FROM _counter WHERE name = 'replay'`, [])[0]?.[0] ?? 0)
  }

  transactions(after: number): Transaction[] {
    const rows = this.store.select('SELECT body FROM _transaction WHERE n > ? ORDER BY n', [after])
    return rows.map(([body]) => JSON.parse(String(body)) as Transaction)
  }

  eventFields(topic: string): { name: string; type: string }[] | undefined {
    const object = this.options.catalog.objects.find((each) => each.changeEvents && topicOf(each) === topic)
    return object && eventFieldsOf(object).map(({ name, type }) => ({ name, type }))
  }
}
