// The part of `lightning/uiRecordApi` that components on this page use.
import { describe } from '../org/describe.ts'
import { ask, type OrgRecord } from '../org/rest.ts'
import { refreshWhere, wireAdapter } from './wire-adapter.ts'

interface FieldName {
  objectApiName: string
  fieldApiName: string
}
interface UiField {
  value: unknown
  displayValue: string | null
}
interface UiRecord {
  id: string
  apiName: string
  fields: Record<string, UiField>
}

export const RECORDS_CHANGED = 'practice__recordschanged'

/** `@wire(getRecord, { recordId, fields })`: one object's own fields, without parents. */
export const getRecord = wireAdapter(async (config) => {
  const names = [config.fields ?? [], config.optionalFields ?? []]
    .flat()
    .map((field) => nameOf(field as string | FieldName))
  const apiName = names[0]?.objectApiName ?? ''
  const seen = new Set((await describe(apiName)).fields.map((field) => field.name))
  const fields = names.map((name) => name.fieldApiName).filter((name) => seen.has(name))
  const record = await ask<OrgRecord>(`/sobjects/${apiName}/${String(config.recordId)}?fields=${fields.join(',')}`)
  return uiRecord(apiName, String(config.recordId), record, fields)
})

function uiRecord(apiName: string, id: string, record: OrgRecord, names: string[]): UiRecord {
  const fields = names.map((name): [string, UiField] => [name, { value: record[name] ?? null, displayValue: null }])
  return { id, apiName, fields: Object.fromEntries(fields) }
}

/** The stored value of a field of a record that `getRecord` gave. */
export function getFieldValue(record: UiRecord | undefined, field: string | FieldName): unknown {
  return record?.fields[nameOf(field).fieldApiName]?.value
}

/** The formatted value of a field, where the platform formats one. */
export function getFieldDisplayValue(
  record: UiRecord | undefined,
  field: string | FieldName,
): string | null | undefined {
  return record?.fields[nameOf(field).fieldApiName]?.displayValue
}

/** Tells the page that records changed behind its back: wires and the record page read them again. */
export async function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<void> {
  const ids = records.map((record) => record.recordId)
  window.dispatchEvent(new CustomEvent<string[]>(RECORDS_CHANGED, { detail: ids }))
  await refreshWhere((config) => ids.includes(String(config.recordId)))
}

function nameOf(field: string | FieldName): FieldName {
  if (typeof field !== 'string') return field
  const [objectApiName = '', fieldApiName = ''] = field.split('.')
  return { objectApiName, fieldApiName }
}
