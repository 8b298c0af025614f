import { z } from 'zod'
import { makeId } from '../schema/ids.ts'
import type { Tables } from '../org/org.ts'
import type { ManagedSubscription } from './event-catalog.ts'

const Row = z.object({
  id: z.string(),
  developerName: z.string(),
  label: z.string(),
  topicName: z.string(),
  defaultReplay: z.enum(['LATEST', 'EARLIEST']),
  errorRecoveryReplay: z.enum(['LATEST', 'EARLIEST']),
  state: z.enum(['RUN', 'STOP']),
})
const KEY_PREFIX = '18x'
/** Ids of subscriptions that come with the catalog are below. */
const FIRST_ID = 1000

/** The managed subscriptions of one org: those of its catalog, changed and joined by those that clients made. Kept with its records. */
export class ManagedSubscriptions {
  private readonly tables: Tables
  private stopped: (subscription: ManagedSubscription) => void = () => {}

  constructor(tables: Tables, shipped: readonly ManagedSubscription[]) {
    this.tables = tables
    tables.run('CREATE TABLE IF NOT EXISTS _managed(id TEXT PRIMARY KEY, isGone INTEGER NOT NULL, body TEXT NOT NULL)')
    for (const one of shipped) {
      tables.run('INSERT OR IGNORE INTO _managed VALUES (?, 0, ?)', [one.id, JSON.stringify(one)])
    }
  }

  /** Called for each that is stopped or deleted: its subscriber is let go, what it committed is forgotten. */
  onStop(listener: (subscription: ManagedSubscription) => void): void {
    this.stopped = listener
  }

  list(): ManagedSubscription[] {
    const rows = this.tables.select('SELECT body FROM _managed WHERE isGone = 0 ORDER BY id')
    return rows.map(([body]) => Row.parse(JSON.parse(String(body))))
  }

  /** By id (15 or 18 characters) or developer name. */
  find(idOrName: string): ManagedSubscription | undefined {
    return this.list().find(
      ({ id, developerName }) => developerName === idOrName || id === idOrName || id.slice(0, 15) === idOrName,
    )
  }

  create(given: Omit<ManagedSubscription, 'id'>): ManagedSubscription {
    const [[count] = []] = this.tables.select('SELECT count(*) FROM _managed')
    const made = { ...given, id: makeId(KEY_PREFIX, FIRST_ID + Number(count)) }
    this.tables.run('INSERT INTO _managed VALUES (?, 0, ?)', [made.id, JSON.stringify(made)])
    return made
  }

  change(after: ManagedSubscription): void {
    this.tables.run('UPDATE _managed SET body = ? WHERE id = ?', [JSON.stringify(after), after.id])
    if (after.state === 'STOP') this.stopped(after)
  }

  /** Its id is never given again. */
  remove(subscription: ManagedSubscription): void {
    this.tables.run('UPDATE _managed SET isGone = 1 WHERE id = ?', [subscription.id])
    this.stopped(subscription)
  }
}
