// UserRecordAccess: an object without rows, answered from the rights of the user a query asks about.
import type { Query } from '@jetstreamapp/soql-parser-js'
import { normalizeId } from '../schema/ids.ts'
import type { RecordJson } from '../org/values.ts'
import { treeOf, type Tree } from './terms/conditions.ts'
import type { Comparison } from './terms/comparison.ts'
import { malformed, type QueryContext } from './terms/context.ts'
import { unquote } from './terms/literals.ts'

const MAX_RECORDS = 200

function comparisons(tree: Tree): Comparison[] {
  if (tree.kind === 'comparison') return [tree.comparison]
  return tree.kind === 'and' ? tree.parts.flatMap(comparisons) : []
}

/** One row per record asked about: `WHERE UserId = '005…' AND RecordId IN (…)`, at most 200. */
export function recordAccessRows(context: QueryContext, query: Query): RecordJson[] {
  const asked = query.where ? comparisons(treeOf(context, query.where)) : []
  const idsOf = (name: string, operators: string[]): string[] => {
    const found = asked.find((each) => each.field?.toLowerCase() === name && operators.includes(each.operator))
    return (found?.values ?? []).flatMap((value) => normalizeId(unquote(context, value)) ?? [])
  }
  const userId = idsOf('userid', ['='])[0]
  const recordIds = idsOf('recordid', ['=', 'IN'])
  if (!userId || recordIds.length === 0 || recordIds.length > MAX_RECORDS) {
    throw malformed(
      context,
      'WHERE',
      'Can select only RecordId, Has... Access and MaxAccessLevel, WHERE UserId = and RecordId = or IN',
    )
  }
  const fields = (query.fields ?? []).flatMap((item) => (item.type === 'Field' ? [item.field.toLowerCase()] : []))
  return recordIds.map((recordId) => accessRow(context, userId, recordId, fields))
}

function accessRow(context: QueryContext, userId: string, recordId: string, fields: string[]): RecordJson {
  const access = context.access(userId, recordId)
  const levels = [
    ['Transfer', access.transfer],
    ['Delete', access.delete],
    ['Edit', access.edit],
    ['Read', access.read],
  ] as const
  const all = access.read && access.edit && access.delete && access.transfer
  const values: Record<string, string | boolean> = {
    RecordId: recordId,
    UserId: userId,
    HasReadAccess: access.read,
    HasEditAccess: access.edit,
    HasDeleteAccess: access.delete,
    HasTransferAccess: access.transfer,
    HasAllAccess: all,
    MaxAccessLevel: all ? 'All' : (levels.find(([, has]) => has)?.[0] ?? 'None'),
  }
  const record: RecordJson = { attributes: { type: 'UserRecordAccess' } }
  for (const [name, value] of Object.entries(values)) {
    if (fields.includes(name.toLowerCase())) record[name] = value
  }
  return record
}
