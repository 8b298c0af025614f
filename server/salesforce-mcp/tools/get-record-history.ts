import type { RecordValues } from '../../contract/values/record-values.ts'
import { quoted, runQueries } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import { readableOf, type Tool } from '../services/services.ts'

const FIELDS = ['Field', 'OldValue', 'NewValue', 'CreatedById', 'CreatedBy.Name', 'CreatedDate']

/** The org's field history; only fields that the grant reads are returned. */
export const getRecordHistory: Tool<'getRecordHistory'> = async ({ grant, object, id, fields }, call) => {
  const readable = readableOf(grant, call)
  readable.object(object)
  const { table, parent } = historyOf((await readable.schema(object)).name)
  const only = fields ? ` AND Field IN (${fields.flatMap(trackedAs).map(quoted).join(', ')})` : ''
  const soql = `SELECT ${FIELDS.join(', ')} FROM ${table} WHERE ${parent} = ${quoted(id)}${only} ORDER BY CreatedDate DESC LIMIT 200`
  const [result] = await runQueries(call.services.reader, [{ soql }], call.count)
  const rows = (result?.rows ?? []).map((row) => recordOf(row, FIELDS).values)
  const told = rows.filter(
    ({ Field }) => readable.reads(object, String(Field)) || readable.reads(object, `${String(Field)}Id`),
  )
  return { changes: told.map((values) => changeOf(values, fields)), calls: call.count.calls }
}

/** The history calls a lookup by its relationship: `Owner` for OwnerId. */
const trackedAs = (field: string): string[] => (field.endsWith('Id') ? [field, field.slice(0, -2)] : [field])

function changeOf(values: RecordValues['values'], asked: readonly string[] = []) {
  const { Field, OldValue = null, NewValue = null, CreatedById, CreatedDate } = values
  const by = values['CreatedBy.Name'] ?? CreatedById
  const field = asked.find((name) => trackedAs(name).includes(String(Field))) ?? String(Field)
  return { field, from: OldValue, to: NewValue, by: String(by), at: String(CreatedDate) }
}

/** Opportunities name their history table otherwise than every other standard object. */
function historyOf(object: string): { table: string; parent: string } {
  if (object.endsWith('__c')) return { table: object.replace(/__c$/, '__History'), parent: 'ParentId' }
  if (object === 'Opportunity') return { table: 'OpportunityFieldHistory', parent: 'OpportunityId' }
  return { table: `${object}History`, parent: `${object}Id` }
}
