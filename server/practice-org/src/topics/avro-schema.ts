import { createHash } from 'node:crypto'
import { compoundsOf, type EventField, type SchemaField } from './compound.ts'

/** Avro type of one field of a change event, and the describe types it stands for. */
const AVRO_TYPES: Record<string, string> = {
  boolean: 'boolean',
  int: 'int',
  double: 'double',
  currency: 'double',
  percent: 'double',
  long: 'long',
  date: 'long',
  datetime: 'long',
}

export interface EventSchema {
  /** 22 characters, changes with the content. */
  id: string
  json: string
  /** Index 0 is the header: bitmaps count from there. */
  fields: SchemaField[]
}

const HEADER = {
  name: 'ChangeEventHeader',
  type: {
    type: 'record',
    name: 'ChangeEventHeader',
    fields: [
      { name: 'entityName', type: 'string' },
      { name: 'recordIds', type: { type: 'array', items: 'string' } },
      {
        name: 'changeType',
        type: {
          type: 'enum',
          name: 'ChangeType',
          symbols: [
            'CREATE',
            'UPDATE',
            'DELETE',
            'UNDELETE',
            'GAP_CREATE',
            'GAP_UPDATE',
            'GAP_DELETE',
            'GAP_UNDELETE',
            'GAP_OVERFLOW',
            'SNAPSHOT',
          ],
        },
      },
      { name: 'changeOrigin', type: 'string' },
      { name: 'transactionKey', type: 'string' },
      { name: 'sequenceNumber', type: 'int' },
      { name: 'commitTimestamp', type: 'long' },
      { name: 'commitNumber', type: 'long' },
      { name: 'commitUser', type: 'string' },
      ...['nulledFields', 'diffFields', 'changedFields'].map((name) => ({
        name,
        type: { type: 'array', items: 'string' },
      })),
    ],
  },
}

/** The schema of a topic such as `LeadChangeEvent`: the header record, then every field as a nullable. */
export function eventSchema(topic: string, described: EventField[]): EventSchema {
  const fields = compoundsOf(described)
  const record = {
    type: 'record',
    name: topic,
    namespace: 'com.sforce.eventbus',
    fields: [HEADER, ...fields.map((field) => ({ name: field.name, type: unionOf(field), default: null }))],
  }
  const id = createHash('sha256').update(JSON.stringify(record)).digest().subarray(0, 16).toString('base64url')
  const header: SchemaField = { name: HEADER.name, type: 'header' }
  return { id, json: JSON.stringify({ ...record, uuid: id }), fields: [header, ...fields] }
}

function unionOf(field: SchemaField): unknown[] {
  return ['null', ...(field.isSwitchable ? ['string'] : []), avroType(field)]
}

function avroType(field: SchemaField): unknown {
  if (!field.parts) return AVRO_TYPES[field.type] ?? 'string'
  const fields = field.parts.map((part) => ({
    name: part.name,
    type: ['null', AVRO_TYPES[part.type] ?? 'string'],
    default: null,
  }))
  return { type: 'record', name: field.isSwitchable ? field.type : `${field.name}_${field.type}`, fields }
}
