import type { DatabaseSync } from 'node:sqlite'

const SAVE =
  'INSERT INTO _counter(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE value < excluded.value'

/**
 * Named counters that only rise: ids, log entries, replay ids. While a transaction runs they rise in memory and are written
 * once, before it commits; what is rolled back falls back. Nobody else may write `_counter`: the file is this process's own.
 */
export class Counters {
  private readonly db: DatabaseSync
  /** As the file has them. */
  private readonly kept = new Map<string, number>()
  /** Risen in the running transaction. */
  private risen = new Map<string, number>()
  private marks: { savepoint: string; risen: Map<string, number> }[] = []

  constructor(db: DatabaseSync) {
    this.db = db
  }

  /** Raises a counter that starts at 0, and gives what it came to. */
  advance(name: string, by: number): number {
    const value = this.value(name) + by
    this.set(name, value)
    return value
  }

  raise(name: string, atLeast: number): void {
    if (atLeast > this.value(name)) this.set(name, atLeast)
  }

  private value(name: string): number {
    const known = this.risen.get(name) ?? this.kept.get(name)
    if (known !== undefined) return known
    const row = this.db.prepare('SELECT value FROM _counter WHERE name = ?').get(name)
    const value = Number(row?.['value'] ?? 0)
    this.kept.set(name, value)
    return value
  }

  private set(name: string, value: number): void {
    this.risen.set(name, value)
    if (!this.db.isTransaction) this.save()
  }

  /** To be called before a transaction commits. */
  save(): void {
    if (this.risen.size === 0) return
    const save = this.db.prepare(SAVE)
    for (const [name, value] of this.risen) save.run(name, value)
    for (const [name, value] of this.risen) this.kept.set(name, value)
    this.risen.clear()
    this.marks = []
  }

  /** To be called when a transaction was rolled back: what was written in it is not there either. */
  forget(): void {
    this.kept.clear()
    this.risen.clear()
    this.marks = []
  }

  mark(savepoint: string): void {
    this.marks.push({ savepoint, risen: new Map(this.risen) })
  }

  release(savepoint: string): void {
    this.marks.length = this.markOf(savepoint)
  }

  fallBack(savepoint: string): void {
    const at = this.markOf(savepoint)
    const mark = this.marks[at]
    if (!mark) return
    this.risen = new Map(mark.risen)
    this.marks.length = at + 1
  }

  private markOf(savepoint: string): number {
    const at = this.marks.findLastIndex((each) => each.savepoint === savepoint)
    return at < 0 ? this.marks.length : at
  }
}
