import avro from 'avsc'
import { createHash } from 'node:crypto'
import type { ChangeEvent } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import type { PlatformEventDef } from './event-catalog.ts'
import type { EventSchema } from './avro-schema.ts'
import { avroValue } from './encode.ts'

const AVRO_TYPES: Record<string, string> = { double: 'double', boolean: 'boolean', date: 'long', datetime: 'long' }
const DATES = new Set(['date', 'datetime'])

/** The schema of a platform event: when and by whom, which publishers fill in too, then its own fields. */
export function platformSchema(event: PlatformEventDef): EventSchema {
  const own = event.fields.map(({ name, type, required }) => {
    const plain = AVRO_TYPES[type] ?? 'string'
    return required ? { name, type: plain } : { name, type: ['null', plain], default: null }
  })
  const record = {
    type: 'record',
    name: event.name,
    namespace: 'com.sforce.eventbus',
    fields: [
      { name: 'CreatedDate', type: 'long', doc: 'CreatedDate:DateTime' },
      { name: 'CreatedById', type: 'string', doc: 'CreatedBy:EntityId' },
      ...own,
    ],
  }
  const id = createHash('sha256').update(JSON.stringify(record)).digest().subarray(0, 16).toString('base64url')
  return { id, json: JSON.stringify({ ...record, uuid: id }), fields: [] }
}

const types = new Map<string, avro.Type>()

function typeOf(schema: EventSchema): avro.Type {
  const known = types.get(schema.id)
  if (known) return known
  const parsed = avro.Type.forSchema(JSON.parse(schema.json) as avro.Schema, { wrapUnions: false })
  types.set(schema.id, parsed)
  return parsed
}

/** Binary Avro of a published event. */
export function encodePlatformEvent(schema: EventSchema, definition: PlatformEventDef, event: ChangeEvent): Buffer {
  const { header, fields } = event
  const own = definition.fields.map(({ name, type }) => [name, avroValue(type, fields[name])])
  return typeOf(schema).toBuffer({
    CreatedDate: header.commitTimestamp,
    CreatedById: header.commitUser,
    ...Object.fromEntries(own),
  })
}

/** The values a publisher sent. Throws Error when the bytes are no such event. */
export function decodePlatformEvent(
  schema: EventSchema,
  definition: PlatformEventDef,
  payload: Uint8Array,
): Record<string, Value> {
  const decoded = typeOf(schema).fromBuffer(Buffer.from(payload)) as Record<string, Value>
  return Object.fromEntries(
    definition.fields.map(({ name, type }): [string, Value] => {
      const value = decoded[name] ?? null
      return [name, DATES.has(type) && value !== null ? new Date(Number(value)).toISOString() : value]
    }),
  )
}
