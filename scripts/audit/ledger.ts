import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../server/brain/adapters/postgres/session/database.ts'
import { ledgerLink, type RowState, type SaltedState } from '../../server/brain/adapters/postgres/session/ledger.ts'
import { ledgerEntry, ledgerHead, run } from '../../server/brain/adapters/postgres/session/schema.ts'
import type { AuditFinding } from './chain.ts'
import { storedRows } from './stored-rows.ts'

type Entry = Pick<typeof ledgerEntry.$inferSelect, 'n' | 'at' | 'states' | 'chain'>
type Cells = RowState['is']

interface CheckedLedger {
  entries: number
  /** The last state of each row, by the row's name. */
  states: ReadonlyMap<string, Cells>
  findings: AuditFinding[]
}

/** Checks the ledger of a run, and compares its last state of every row with the row as it is stored. */
export async function checkLedger(db: Db, orgId: string, runId: string, erased: boolean): Promise<CheckedLedger> {
  const ofRun = and(eq(ledgerEntry.orgId, orgId), eq(ledgerEntry.runId, runId))
  const entries = await db.select().from(ledgerEntry).where(ofRun).orderBy(asc(ledgerEntry.n))
  const [row] = await db
    .select({ hasLedger: run.hasLedger })
    .from(run)
    .where(and(eq(run.orgId, orgId), eq(run.id, runId)))
  const states = new Map(entries.flatMap((entry) => statesIn(entry).map(([row, is]) => [row, is])))
  const whats = [...brokenLinks(runId, entries), ...(await wrongHead(db, orgId, runId, entries.at(-1)))]
  if (row && entries.length === 0) {
    if (row.hasLedger) whats.push('its ledger is missing')
  } else if (row) {
    const isOlder = !row.hasLedger && states.get('run')?.hasLedger !== true
    whats.push(...differing(states, await storedRows(db, orgId, runId), { erased, isOlder }))
  }
  return { entries: entries.length, states, findings: whats.map((what) => ({ runId, n: null, what })) }
}

function statesIn({ states }: Entry): SaltedState[] {
  try {
    return JSON.parse(states) as SaltedState[]
  } catch {
    return []
  }
}

function brokenLinks(runId: string, entries: readonly Entry[]): string[] {
  const whats: string[] = []
  let [expected, before]: [number, string | null] = [1, null]
  for (const entry of entries) {
    const { n, at, chain } = entry
    const isAfterGap = n > expected
    for (; expected < n; expected += 1) whats.push(`ledger entry ${expected} is missing`)
    if (!isAfterGap && ledgerLink({ before, runId, n, at, states: statesIn(entry) }) !== chain)
      whats.push(`ledger entry ${n} was changed`)
    before = chain
    expected = n + 1
  }
  return whats
}

async function wrongHead(db: Db, orgId: string, runId: string, last: Entry | undefined): Promise<string[]> {
  const [head] = await db
    .select()
    .from(ledgerHead)
    .where(and(eq(ledgerHead.orgId, orgId), eq(ledgerHead.runId, runId)))
  if (head?.n === last?.n && head?.chain === last?.chain) return []
  return [`its ledger ends with entry ${last?.n ?? 0}, but entry ${head?.n ?? 0} was written last`]
}

interface About {
  erased: boolean
  /** The run began before there were ledgers: some of its rows have no state. */
  isOlder: boolean
}

function differing(states: ReadonlyMap<string, Cells>, rows: readonly RowState[], about: About): string[] {
  const stored = new Map(rows.map(({ row, is }) => [row, is]))
  const gone = [...states].filter(([row]) => !stored.has(row) && !isExpectedToGo(row, rows, about))
  const added = about.isOlder ? [] : rows.filter(({ row }) => !states.has(row))
  const changed = rows.flatMap(({ row, is }) => {
    const chained = states.get(row)
    return chained ? changedCells(nameOf(row, chained), chained, is, about.erased) : []
  })
  return [
    ...changed,
    ...gone.map(([row, is]) => `${nameOf(row, is)} was deleted: its ledger has it`),
    ...added.map(({ row, is }) => `${nameOf(row, is)} was inserted: its ledger does not have it`),
  ]
}

/** An erased run's observations are dropped after a while. A gap in the journal is reported by the journal's own chain. */
function isExpectedToGo(row: string, rows: readonly RowState[], { erased }: About): boolean {
  // The versions of missions are compared once for all runs.
  if (row === 'mission') return true
  // So are those of models.
  if (row.startsWith('model release ')) return true
  if (row.startsWith('observation ')) return erased
  const n = entryIn(row)
  return n !== null && n < Math.max(0, ...rows.map((each) => entryIn(each.row) ?? 0))
}

const entryIn = (row: string): number | null => (row.startsWith('journal entry ') ? Number(row.slice(14)) : null)

function changedCells(name: string, chained: Cells, stored: Cells, erased: boolean): string[] {
  // A column from a later release is in no earlier state.
  return Object.keys(chained)
    .filter((column) => (stored[column] ?? null) !== (chained[column] ?? null))
    .filter((column) => !(erased && column === 'sealed'))
    .map((column) => {
      const subject = name === 'run' ? '' : `${name}: `
      if (column === 'sealed') return `${subject}its contents were changed`
      return `${subject}${wordFor(column)} is ${text(stored[column])}, its ledger has ${text(chained[column])}`
    })
}

const text = (cell: Cells[string] | undefined) => (cell === undefined || cell === null ? 'empty' : String(cell))
/** `decisionId` → `decision id`. */
const wordFor = (column: string) =>
  column === 'at' ? 'time' : column.replace(/[A-Z]/g, (up) => ` ${up.toLowerCase()}`)

function nameOf(row: string, is: Cells): string {
  if (!row.startsWith('answer ')) return row
  return `${row} (${text(is.verb)} of decision ${text(is.decisionId)} v${text(is.version)} by ${text(is.userId)})`
}
