// The child records that a merge moved: whose they were before, and what they hold now.
import { movedBy, type Operation } from '../../contract/operations/operation.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import { objectOf } from '../missions/language/variables.ts'
import type { JournalEntry } from '../ports/runs.ts'
import type { UndoGrant } from './plan/plan-parts.ts'

/** Queries that one call of `soqlQuery` takes. */
const QUERIES_PER_CALL = 5
/** Fields that name a record, best first. */
const TITLES = ['Name', 'Subject', 'CaseNumber', 'Title']

/** Which of these records had which children, by child id: as the run that ended them had read it. */
export function originsOf(journal: readonly JournalEntry[], ended: ReadonlySet<string>): Record<string, string> {
  const origins: Record<string, string> = {}
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return
    const { id, children } = value as { id?: unknown; children?: unknown }
    if (typeof id === 'string' && ended.has(id)) for (const child of idsIn(children)) origins[child] = id
    Object.values(value).forEach(walk)
  }
  journal.filter(({ phase }) => phase === 'read').forEach(({ answer }) => walk(answer))
  return origins
}

/** Ids of the records in `{ Contacts: { records: [{ id }] } }`. */
function idsIn(children: unknown): string[] {
  if (children === null || typeof children !== 'object') return []
  return Object.values(children).flatMap((relationship: { records?: { id?: unknown }[] } | null) =>
    (relationship?.records ?? []).flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
  )
}

/** Queries for the moved records whose lookup the mission may write, in lists that one call takes each. */
export function childQueries(
  operations: readonly Operation[],
  { writes }: Pick<UndoGrant, 'writes'>,
  { read, facts }: Pick<MissionDefinition, 'read' | 'facts'>,
): string[][] {
  const queries = operations.flatMap(movedBy).flatMap(({ move }) => {
    const isGranted = writes[move.object]?.fields.includes(move.field) && writes[move.object]?.kinds.includes('update')
    if (!isGranted || !('ids' in move) || move.ids.length === 0) return []
    const steps = read.filter((step) => objectOf(step) === move.object)
    const title = TITLES.filter((name) => steps.some(({ fields }) => fields.includes(name))).slice(0, 1)
    const factFields = Object.values(facts).flatMap((path) => {
      const [object, field = ''] = path.split('.')
      return object === move.object ? [field] : []
    })
    const fields = new Set(['Id', 'SystemModstamp', move.field, ...title, ...factFields])
    const ids = move.ids.map((id) => `'${id}'`).join(', ')
    return [`SELECT ${[...fields].join(', ')} FROM ${move.object} WHERE Id IN (${ids})`]
  })
  return Array.from({ length: Math.ceil(queries.length / QUERIES_PER_CALL) }, (_, n) =>
    queries.slice(n * QUERIES_PER_CALL, (n + 1) * QUERIES_PER_CALL),
  )
}
