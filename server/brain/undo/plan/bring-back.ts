// Bringing back what a merge or a delete took: the record out of the Recycle Bin, and the children that a merge moved.
import { isRestorable } from '../../../contract/org-objects.ts'
import { grantedAs, type Operation, type OperationOf } from '../../../contract/operations/operation.ts'
import { isBlank, isTrue } from '../../../contract/values/field-value.ts'
import { millisOf } from '../../../contract/values/instant.ts'
import type { RecordKey } from '../../../contract/values/ids.ts'
import {
  UNDO_SOURCE,
  type MovedStay,
  type Org,
  type Parts,
  type Stay,
  type UndoGrant,
  type Written,
} from './plan-parts.ts'

type Merge = OperationOf<'merge'>
type Update = OperationOf<'update'>

/** The org keeps deleted and merged-away records this long. */
const RECYCLE_BIN_MS = 15 * 86_400_000
/** The most operations that one change set holds. */
const OPERATIONS_AT_MOST = 100

/** Takes a record out of the Recycle Bin, unless a user did so already. */
export function restored(record: RecordKey, mergedInto: string | null, written: Written, { held }: Org): Parts {
  const now = held.get(record.id)
  const stays = (why: Extract<Stay, { record: RecordKey }>['why']): Parts => ({
    operations: [],
    stays: [{ why, record } as Stay],
  })
  if (now && !isTrue(now['IsDeleted'])) return { operations: [], stays: [] }
  const undelete: Operation = { kind: 'undelete', ...record, mergedInto }
  const kinds: readonly string[] = written.grant.writes[record.object]?.kinds ?? []
  const isGranted = grantedAs(undelete).some((kind) => kinds.includes(kind))
  if (!isRestorable(record.object) || !isGranted) return stays('deleted')
  if (!now || isPurged(now['SystemModstamp'], written.at)) return stays('purged')
  if ((now['MasterRecordId'] ?? null) !== mergedInto) return stays('ended-again')
  const cleared = Object.entries(written.before[record.id] ?? {}).flatMap(([field, was]): Stay[] => {
    const value = now[field]
    return value !== undefined && isBlank(value) && !isBlank(was) ? [{ why: 'cleared', record, field }] : []
  })
  return { operations: [undelete], stays: cleared }
}

/** A deletion is the last change of a record, so its stamp is the time at which it went into the bin. */
function isPurged(endedAt: unknown, at: string | null): boolean {
  const [ended, now] = [endedAt, at].map((time) => (typeof time === 'string' ? millisOf(time) : null))
  return typeof ended === 'number' && typeof now === 'number' && now - ended > RECYCLE_BIN_MS
}

/** Restores what a merge ended and moves its children back, as far as the grant writes their lookups. */
export function unmerged(merge: Merge, written: Written, org: Org): Parts {
  const { object, survivor, losers } = merge
  const parts = losers.map((id) => restored({ object, id }, survivor, written, org))
  const back = new Set(losers.filter((id, index) => isBack(id, parts[index], org)))
  const into = { object, id: survivor }
  const moves = merge.moves.map((move): Parts => {
    if ('count' in move)
      return { operations: [], stays: [{ why: 'moved', object: move.object, count: move.count, into }] }
    return childrenBack(merge, move, back, written, org)
  })
  const drops: Stay[] = [{ why: 'merge-drops', record: into }]
  return {
    operations: [...parts, ...moves].flatMap(({ operations }) => operations),
    stays: [...[...parts, ...moves].flatMap(({ stays }) => stays), ...drops],
  }
}

function isBack(id: string, part: Parts | undefined, { held }: Org): boolean {
  const now = held.get(id)
  return (part?.operations.length ?? 0) > 0 || (now !== undefined && !isTrue(now['IsDeleted']))
}

/** Only children that still point to the survivor go back: one that a user moved on stays where it is. */
function childrenBack(
  { object: parent, survivor, losers }: Merge,
  { object, field, ids }: Extract<Merge['moves'][number], { ids: string[] }>,
  back: ReadonlySet<string>,
  { grant, origins }: Written,
  { held }: Org,
): Parts {
  const writes = grant.writes[object]
  const isGranted = writes?.kinds.includes('update') && writes.fields.includes(field)
  const originOf = (id: string) => (losers.length === 1 || origins === null ? losers[0] : origins[id])
  const operations: Operation[] = []
  const stays: Stay[] = []
  let left = 0
  for (const id of ids) {
    const to = originOf(id)
    if (!isGranted || to === undefined || !back.has(to)) left += 1
    else if (held.get(id)?.[field] !== survivor) stays.push({ why: 'changed', record: { object, id }, field })
    else
      operations.push({ kind: 'update', object, id, fields: { [field]: { from: survivor, to, source: UNDO_SOURCE } } })
  }
  if (left > 0) stays.push({ why: 'moved', object, count: left, into: { object: parent, id: survivor } })
  return { operations, stays }
}

/** One update per record: the org refuses a request that names a record twice. */
export function onePerRecord(updates: readonly Update[]): Update[] {
  const byId = new Map<string, Update>()
  for (const update of updates) {
    const known = byId.get(update.id)
    byId.set(update.id, known ? { ...known, fields: { ...update.fields, ...known.fields } } : update)
  }
  return [...byId.values()]
}

/** Leaves out moves back of more records than the mission may touch at once. `others` are all other operations of the plan. */
export function withinLimit(
  moves: readonly Update[],
  others: readonly Operation[],
  { limits }: UndoGrant,
): {
  moves: Update[]
  stays: Stay[]
} {
  const room = Math.max(0, Math.min(OPERATIONS_AT_MOST, limits.records) - others.length)
  const stays = new Map<string, MovedStay>()
  for (const { object, fields } of moves.slice(room)) {
    const from = Object.values(fields)[0]?.from
    const key = `${object} ${String(from)}`
    const known = stays.get(key)?.count ?? 0
    stays.set(key, { why: 'too-many', object, count: known + 1, into: { object, id: String(from) } })
  }
  return { moves: moves.slice(0, room), stays: [...stays.values()] }
}
