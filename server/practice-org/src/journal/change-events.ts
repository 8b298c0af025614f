// Change events as an org makes them of the records that one transaction changed.
import type { ChangeEvent } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import type { FieldDef, ObjectDef } from '../schema/catalog.ts'
import type { Change } from '../store/draft.ts'
import type { Stored } from '../store/row.ts'
import { toJson } from '../store/values.ts'

/** Beyond so many changes in one transaction an org tells of the rest by one overflow event for each object. */
const MAX_CHANGES = 100_000
/** An event larger than this is told as a gap: its header alone. */
const MAX_EVENT_BYTES = 1_048_576
/** The same change of several records within this time is one event. */
const SAME_CHANGE_MS = 1000
/** An overflow names no record. */
export const NO_RECORD = '000000000000000AAA'

const UNSENT = new Set([
  'Id',
  'IsDeleted',
  'MasterRecordId',
  'SystemModstamp',
  'ExpectedRevenue',
  'FiscalQuarter',
  'FiscalYear',
  'LastStageChangeDate',
  'LastActivityDate',
  'LastViewedDate',
  'LastReferencedDate',
  'IsPersonAccount',
  'IsEmailBounced',
  'PhotoUrl',
  'Comments',
  'ContactPhone',
  'ContactMobile',
  'ContactEmail',
  'ContactFax',
  'HasOpenActivity',
  'HasOverdueTask',
  'LastAmountChangedHistoryId',
  'LastCloseDateChangedHistoryId',
  'Fiscal',
  'IsHighPriority',
  'IsArchived',
  'CompletedDateTime',
])
/** Addresses come as their parts, blobs not at all. */
const UNSENT_TYPES = new Set<string>(['address', 'base64'])
/** When a record was changed says nothing about whether two changes are the same. */
const STAMPS = new Set(['CreatedDate', 'LastModifiedDate'])

/** Fields of an object's change event, in schema order; addresses and names come as their parts. */
export const eventFieldsOf = (object: ObjectDef): FieldDef[] =>
  object.fields.filter(
    (field) => !UNSENT.has(field.name) && !UNSENT_TYPES.has(field.type) && field.formula === undefined,
  )

/** `AccountChangeEvent`; `X__c` becomes `X__ChangeEvent`. */
export const topicOf = (object: ObjectDef): string =>
  object.name.endsWith('__c') ? object.name.replace(/__c$/, '__ChangeEvent') : `${object.name}ChangeEvent`

/** An event that has no place in the stream yet. */
export type EventBody = Omit<ChangeEvent, 'replayId'>

export interface Making {
  /** What a header says of who and when. */
  header: (entityName: string, sequenceNumber: number) => ChangeEvent['header']
  /** Fields that channels want besides those that changed, by topic. */
  enriched: Record<string, string[]>
}

/**
 * One event for each change; the same change of several records is one event with all their ids, and what is beyond
 * the 100,000 changes an org tells of singly (every field counts) is one overflow event for each object.
 */
export function changeEvents(changes: Change[], making: Making): EventBody[] {
  const events: EventBody[] = []
  const twins = new Map<string, { event: EventBody; at: Stored }>()
  const overflown = new Set<ObjectDef>()
  let told = 0
  for (const change of changes) {
    const event = eventOf(change, making, events.length + 1)
    told += Math.max(1, Object.keys(event.fields).length)
    if (told > MAX_CHANGES) {
      overflown.add(change.object)
      continue
    }
    const at = change.after['LastModifiedDate'] ?? null
    const key = changes.length > 1 ? sameness(event) : ''
    const twin = twins.get(key)
    if (twin && Math.abs(Number(at) - Number(twin.at)) <= SAME_CHANGE_MS) {
      twin.event.header.recordIds.push(change.id)
      continue
    }
    twins.set(key, { event, at })
    events.push(event)
  }
  return [...events, ...[...overflown].map((object, i) => overflow(object, making, events.length + 1 + i))]
}

function sameness({ topic, header, fields, enriched }: EventBody): string {
  const values = Object.entries(fields).filter(([name]) => !STAMPS.has(name))
  return JSON.stringify([topic, header.changeType, header.changedFields, header.nulledFields, values, enriched])
}

function overflow(object: ObjectDef, { header }: Making, sequenceNumber: number): EventBody {
  const of = header(object.name, sequenceNumber)
  return {
    topic: topicOf(object),
    header: { ...of, changeType: 'GAP_OVERFLOW', recordIds: [NO_RECORD] },
    fields: {},
  }
}

function eventOf(change: Change, { header, enriched }: Making, sequenceNumber: number): EventBody {
  const { object, after } = change
  // What only persons have is not told of companies.
  const sent = eventFieldsOf(object).filter((field) => field.ofContact === undefined || after['IsPersonAccount'] === 1)
  const topic = topicOf(object)
  const touched = new Set([...change.changed, 'LastModifiedDate'])
  const isUpdate = change.type === 'UPDATE'
  const included = sent.filter((field) => (isUpdate ? touched.has(field.name) : (after[field.name] ?? null) !== null))
  const fields = change.type === 'DELETE' ? {} : valuesOf(included, change)
  const changedFields = isUpdate ? included.map((field) => field.name) : []
  const wanted = enriched[topic] ?? []
  const more = sent.filter(({ name }) => wanted.includes(name) && !(name in fields) && (after[name] ?? null) !== null)
  const isEnriched = more.length > 0 && (isUpdate || change.type === 'DELETE')
  return {
    topic,
    header: {
      ...header(object.name, sequenceNumber),
      recordIds: [change.id],
      changeType: change.type,
      nulledFields: changedFields.filter((name) => (after[name] ?? null) === null),
      changedFields,
    },
    fields,
    ...(isEnriched ? { enriched: valuesOf(more, change) } : {}),
  }
}

function valuesOf(fields: FieldDef[], { after }: Change): Record<string, Value> {
  return Object.fromEntries(fields.map((field) => [field.name, toJson(field, after[field.name] ?? null)]))
}

/** The event as it is kept: one that is too large for the bus becomes a gap of its kind. */
export function fitting(event: ChangeEvent): { event: ChangeEvent; json: string } {
  const json = JSON.stringify(event)
  const kind = GAPS[event.header.changeType]
  if (!kind || !event.topic.endsWith('ChangeEvent') || Buffer.byteLength(json) <= MAX_EVENT_BYTES)
    return { event, json }
  const { replayId, topic, header } = event
  const gap = {
    replayId,
    topic,
    header: { ...header, changeType: kind, nulledFields: [], changedFields: [] },
    fields: {},
  }
  return { event: gap, json: JSON.stringify(gap) }
}

const GAPS: Partial<Record<ChangeEvent['header']['changeType'], ChangeEvent['header']['changeType']>> = {
  CREATE: 'GAP_CREATE',
  UPDATE: 'GAP_UPDATE',
  DELETE: 'GAP_DELETE',
  UNDELETE: 'GAP_UNDELETE',
}
