// Clearing the recycle bin of what has lain there long enough, as an org does by itself every now and then.
import type { Core } from '../rules/core.ts'
import { removeForGood } from './recycle-bin.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RECYCLE_MS = 15 * DAY_MS
/** What an org keeps for so long, it keeps however full its bin is. */
const SPARED_MS = 2 * HOUR_MS
/** Records that one look removes, so that nobody waits for all of them. */
const AT_ONCE = 500

/**
 * After 15 days a record is no longer in the bin; a day after that, or after the bin was emptied of it, it leaves the org.
 * Beyond `mostRows` records the bin is emptied of the oldest.
 */
export class LeavingBin {
  private readonly core: Core
  private readonly mostRows: number
  private lookAt = 0

  constructor(core: Core, mostRows: number) {
    this.core = core
    this.mostRows = mostRows
    // What an earlier version put into the bin has no time of its own.
    const sql =
      'INSERT INTO _leaving(root, at, emptied) SELECT DISTINCT root, ?, 0 FROM _recycled WHERE root NOT IN (SELECT root FROM _leaving)'
    core.store.run(sql, [core.now() + RECYCLE_MS])
  }

  /** To be called before records are looked at, outside of a transaction: an hourly look is enough. */
  clear(): void {
    const now = this.core.now()
    if (now < this.lookAt && now > this.lookAt - 2 * HOUR_MS) return
    const due = this.core.store.select('SELECT root, at, emptied FROM _leaving WHERE at < ? ORDER BY at LIMIT ?', [
      now,
      AT_ONCE,
    ])
    this.lookAt = due.length === AT_ONCE ? 0 : now + HOUR_MS
    const surplus = this.surplus()
    if (due.length === 0 && surplus <= 0) return
    this.core.store.loading(0, () => {
      for (const [root, at, emptied] of due) {
        if (emptied === 1 || Number(at) + DAY_MS < now) removeForGood(this.core, String(root))
        else this.empty(String(root), Number(at) + DAY_MS)
      }
      this.emptyOldest(surplus, now)
    })
  }

  private empty(root: string, leavesAt: number): void {
    this.core.store.run('UPDATE _leaving SET emptied = 1, at = ? WHERE root = ?', [leavesAt, root])
  }

  private surplus(): number {
    const sql =
      'SELECT count(*) FROM _leaving JOIN _recycled USING (root) WHERE emptied = 0 AND _recycled.field IS NULL'
    const [[roots] = []] = this.core.store.select('SELECT count(*) FROM _leaving', [])
    // Counting the children too is worth it only for a bin that is anything but empty.
    if (Number(roots) * 100 < this.mostRows) return 0
    return Number(this.core.store.select(sql, [])[0]?.[0]) - this.mostRows
  }

  private emptyOldest(surplus: number, now: number): void {
    if (surplus <= 0) return
    const oldest =
      'SELECT root, (SELECT count(*) FROM _recycled WHERE root = _leaving.root AND field IS NULL) FROM _leaving ' +
      'WHERE emptied = 0 AND at <= ? ORDER BY at'
    let left = surplus
    for (const [root, rows] of this.core.store.select(oldest, [now + RECYCLE_MS - SPARED_MS])) {
      if (left <= 0) break
      left -= Number(rows)
      this.empty(String(root), now + DAY_MS)
    }
  }
}
