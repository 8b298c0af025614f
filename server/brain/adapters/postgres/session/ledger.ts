// The ledger of a run: each transaction chains the states of the rows it wrote, so that a row changed by other hands shows.
import { getTableColumns, type InferSelectModel, type Table } from 'drizzle-orm'
import { sha256, sha256Of } from '../../../../contract/values/canonical.ts'
import type { MissionVersion } from '../../../domain/mission.ts'
import {
  approval,
  changeSetVersion,
  decision,
  event,
  type journalEntry,
  type missionVersion,
  modelRelease,
  run,
  runRecord,
} from './schema.ts'

type Cell = string | number | boolean | null

/** A row of a run and its columns. A sealed column stands as the hash of its ciphertext, which reveals nothing once the key is gone. */
export interface RowState {
  row: string
  is: Record<string, Cell>
}

/** The states that a transaction wrote, by run and row: the last one of a row counts. */
export class Ledger {
  readonly #runs = new Map<string, Map<string, RowState>>()

  add(runId: string, ...states: readonly RowState[]): void {
    const rows = this.#runs.get(runId) ?? new Map<string, RowState>()
    this.#runs.set(runId, rows)
    for (const state of states) rows.set(state.row, state)
  }

  /** In order of the runs' ids, so that two transactions lock heads in the same order. */
  perRun(): [string, RowState[]][] {
    return [...this.#runs].map(([id, rows]): [string, RowState[]] => [id, [...rows.values()]]).sort(byRun)
  }
}

const byRun = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1)

/** A state as stored: its salt keeps it unknown where the state itself is withheld. */
export type SaltedState = [row: RowState['row'], is: RowState['is'], salt: string]

interface Link {
  before: string | null
  runId: string
  n: number
  at: string
  states: readonly SaltedState[]
}

export const statesHash = (states: readonly SaltedState[]): string => sha256Of(states.map((state) => sha256Of(state)))

/** A link covers the link before, and the commitments to the entry's states with its time. */
export const ledgerLink = ({ before, runId, n, at, states }: Link): string =>
  sha256Of([before, runId, n, at, statesHash(states)])

/** Columns of tables whose rows have a state; a lease, a place in the stream and the pace of tries are none. */
const NO_STATE = new Set([
  'orgId',
  'runId',
  'seq',
  'xid',
  'fence',
  'begins',
  'begunAtEntry',
  'leaseOwner',
  'leaseUntil',
  'heldFor',
])

function cellsOf(table: Table, row: Record<string, unknown>, without: readonly string[] = []): Record<string, Cell> {
  const cells: Record<string, Cell> = {}
  for (const column of Object.keys(getTableColumns(table))) {
    if (NO_STATE.has(column) || without.includes(column)) continue
    const value = row[column] as Cell | undefined
    if (value !== undefined) cells[column] = column === 'sealed' && value !== null ? sha256(String(value)) : value
  }
  return cells
}

/** The state of a row of each table, as the ledger names and keeps it. */
export const stateOf = {
  /** The version of the mission that a run starts under, with the hashes of the documents it pins. */
  mission: (row: InferSelectModel<typeof missionVersion>) => ({
    row: 'mission',
    is: { name: row.name, version: row.version, grantHash: row.grantHash, body: sha256(row.body), ...pinsOf(row.body) },
  }),
  /** The release of the model that a run asks. */
  modelRelease: (row: InferSelectModel<typeof modelRelease>) => ({
    row: `model release ${row.n}`,
    is: cellsOf(modelRelease, row, ['n']),
  }),
  run: (row: InferSelectModel<typeof run>) => ({ row: 'run', is: cellsOf(run, row, ['id']) }),
  decision: (row: InferSelectModel<typeof decision>) => ({
    row: `decision ${row.id}`,
    is: cellsOf(decision, row, ['id']),
  }),
  changeSet: (row: InferSelectModel<typeof changeSetVersion>) => ({
    row: `change set of decision ${row.decisionId} v${row.version}`,
    is: cellsOf(changeSetVersion, row),
  }),
  approval: (row: InferSelectModel<typeof approval>) => ({
    row: `answer ${row.n}`,
    is: cellsOf(approval, row, ['n']),
  }),
  observation: (row: Omit<InferSelectModel<typeof event>, 'seq' | 'xid' | 'decisionId'>) => ({
    row: `observation ${row.phase}/${row.key}/${row.n}`,
    is: cellsOf(event, row, ['decisionId', 'kind']),
  }),
  record: (row: InferSelectModel<typeof runRecord>) => ({
    row: `record ${row.recordId}`,
    is: cellsOf(runRecord, row, ['recordId']),
  }),
  journalEntry: ({ n, at, chain }: Pick<InferSelectModel<typeof journalEntry>, 'n' | 'at' | 'chain'>) => ({
    row: `journal entry ${n}`,
    is: { at, chain },
  }),
}

function pinsOf(body: string): Record<string, Cell> {
  const { grant } = JSON.parse(body) as Pick<MissionVersion, 'grant'>
  const pins = Object.entries(grant.knowledge)
  return Object.fromEntries(pins.map(([name, { version, hash }]) => [`document ${name} v${version}`, hash]))
}
