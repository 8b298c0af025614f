// Duplicate record sets: what a rule with the operation "Report" writes down of saves that it lets pass.
import type { ObjectDef } from '../schema/catalog.ts'
import type { Write } from '../rules/core.ts'
import type { Row } from '../store/row.ts'
import { defaultRow } from '../write/checks/check.ts'
import type { Alike } from './detect.ts'

type Insert = (write: Write, object: ObjectDef, row: Row, given: ReadonlySet<string>) => string

/**
 * Puts the saved record and those it resembles into one set per rule: into the set that holds one of them already, else
 * into a new one [K]. A rule without a row of DuplicateRule is reported without it.
 */
export function reportDuplicates(write: Write, id: string, alike: Alike[], insert: Insert): void {
  for (const { rule, ids } of alike) {
    const rules = write.store.rowsWhere(write.catalog.get('DuplicateRule'), 'DeveloperName', rule)
    const ruleId = rules[0]?.['Id'] ?? null
    const members = [id, ...ids]
    const setId = setOf(write, ruleId, members) ?? newSet(write, ruleId, insert)
    for (const member of members) addItem(write, setId, member, insert)
    recount(write, setId)
  }
}

const liveItems = (write: Write, field: string, id: string): Row[] =>
  write.store.rowsWhere(write.catalog.get('DuplicateRecordItem'), field, id).filter((row) => row['IsDeleted'] === 0)

function setOf(write: Write, ruleId: Row[string] | null, members: string[]): string | undefined {
  const sets = write.catalog.get('DuplicateRecordSet')
  const ids = members
    .flatMap((id) => liveItems(write, 'RecordId', id))
    .map((row) => String(row['DuplicateRecordSetId']))
  return ids.find((id) => (write.store.row(sets, id)?.['DuplicateRuleId'] ?? null) === ruleId)
}

function newSet(write: Write, ruleId: Row[string] | null, insert: Insert): string {
  const sets = write.catalog.get('DuplicateRecordSet')
  return insert(write, sets, { ...defaultRow(sets), DuplicateRuleId: ruleId ?? null }, new Set(['DuplicateRuleId']))
}

function addItem(write: Write, setId: string, recordId: string, insert: Insert): void {
  if (liveItems(write, 'DuplicateRecordSetId', setId).some((row) => row['RecordId'] === recordId)) return
  const items = write.catalog.get('DuplicateRecordItem')
  const row: Row = { ...defaultRow(items), DuplicateRecordSetId: setId, RecordId: recordId }
  insert(write, items, row, new Set(['DuplicateRecordSetId', 'RecordId']))
}

function recount(write: Write, setId: string): void {
  const RecordCount = liveItems(write, 'DuplicateRecordSetId', setId).length
  write.store.update(write.catalog.get('DuplicateRecordSet'), setId, { RecordCount })
}
