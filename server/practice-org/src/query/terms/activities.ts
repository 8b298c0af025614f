// ActivityHistory and OpenActivity: tasks and events of the past and of the future, put together for one list.
import type { ObjectDef } from '../../schema/catalog.ts'
import { quote } from '../../store/store.ts'
import type { Query, QueryBase } from '@jetstreamapp/soql-parser-js'
import { invalidType, type QueryContext } from './context.ts'
import { type Sql, sql } from './sql.ts'

const KINDS = ['Task', 'Event'] as const
type Kind = (typeof KINDS)[number]

const END = `coalesce(a."EndDateTime", coalesce(a."StartDateTime", a."ActivityDateTime") + a."DurationInMinutes" * 60000)`

/** What one kind calls otherwise than the list does. */
const RENAMED: Record<Kind, Record<string, string>> = {
  Task: {
    ActivitySubtype: 'a."TaskSubtype"',
    ActivityType: `CASE a."TaskSubtype" WHEN 'Call' THEN 'Call' WHEN 'Email' THEN 'Email' END`,
    IsTask: '1',
    PrimaryAccountId: 'a."AccountId"',
    PrimaryWhoId: 'a."WhoId"',
    IsAllDayEvent: '0',
  },
  Event: {
    ActivitySubtype: 'a."EventSubtype"',
    ActivityDate: `coalesce(a."ActivityDate", date(coalesce(a."StartDateTime", a."ActivityDateTime") / 1000, 'unixepoch'))`,
    EndDateTime: END,
    IsTask: '0',
    PrimaryAccountId: 'a."AccountId"',
    PrimaryWhoId: 'a."WhoId"',
    IsHighPriority: '0',
  },
}

/** What stands behind FROM for such an object; a task is over when it is closed, an event when its time has passed. */
export function activitySource(context: QueryContext, object: ObjectDef): Sql {
  const { catalog, rights, now } = context
  const isOver = object.activities === 'closed'
  const params: number[] = []
  const parts = KINDS.flatMap((kind, place) => {
    const source = catalog.get(kind)
    if (!rights.object(source).read) return []
    const columns = object.fields.flatMap((field) => {
      if (field.name === 'IsClosed') return `${isOver ? 1 : 0} AS "IsClosed"`
      const own = source.byName.get(field.name.toLowerCase())
      const readable = own && own.type !== 'address' && rights.readable(source, own)
      const text = RENAMED[kind][field.name] ?? (readable ? `a.${quote(own.name)}` : 'NULL')
      return `${text} AS ${quote(field.name)}`
    })
    const share = rights.share(source, 'a', 'read')
    const over = kind === 'Task' ? `a."IsClosed" = ${isOver ? 1 : 0}` : `coalesce(${END}, 0) ${isOver ? '<' : '>='} ?`
    if (kind === 'Event') params.push(now)
    const where = [over, ...(share ? [share] : [])].join(' AND ')
    // Numbers of tasks are even, of events odd: each row of the list has one of its own.
    return `SELECT a._n * ${KINDS.length} + ${place} AS _n, ${columns.join(', ')} FROM ${quote(kind)} a WHERE ${where}`
  })
  const nothing = `SELECT 0 AS _n, ${object.fields.map((field) => `NULL AS ${quote(field.name)}`).join(', ')} WHERE 0`
  return sql(`(${parts.length ? parts.join(' UNION ALL ') : nothing})`, params)
}

const MAX_ROWS = 500
const ORDERS = { closed: 'ActivityDate DESC, LastModifiedDate DESC', open: 'ActivityDate ASC, LastModifiedDate DESC' }

/**
 * Who may not see everything is shown the list of one record at a time, unfiltered, in the list's own order and no more
 * than 500 rows of it: an org evaluates his rights row by row.
 */
export function checkActivities(
  context: QueryContext,
  parent: Query | QueryBase,
  child: ObjectDef,
  name: string,
  subquery: QueryBase,
): void {
  if (!child.activities || context.rights.system.has('ViewAllData')) return
  const refuse = (must: string) =>
    invalidType(
      context,
      name,
      `There is an implementation restriction on ${name}. When you query this relationship, security evaluation is ` +
        `implemented for users who don't have administrator permissions, and you must ${must}`,
    )
  const filter = parent.where && 'left' in parent.where && !('right' in parent.where) ? parent.where.left : undefined
  const isOne = filter && 'field' in filter && filter.field?.toLowerCase() === 'id' && 'value' in filter
  const ids = isOne ? [filter.value].flat() : []
  if (ids.length !== 1 && parent.limit !== 1) throw refuse('filter the parent query to a single record')
  if (subquery.where) throw refuse('not filter the sub-query')
  const wanted = ORDERS[child.activities]
  const orders = [subquery.orderBy ?? []].flat()
  const order = orders.map((each) => `${'field' in each ? each.field : ''} ${each.order ?? 'ASC'}`).join(', ')
  if (order.toLowerCase() !== wanted.toLowerCase()) throw refuse(`use a specific sort order: ${wanted}`)
  if (subquery.limit === undefined || subquery.limit > MAX_ROWS) throw refuse(`specify a limit of ${MAX_ROWS} or less`)
}
