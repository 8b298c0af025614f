import avro from 'avsc'
import type { ChangeEvent } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import type { EventSchema } from './avro-schema.ts'
import { fieldBitmaps } from './bitmap.ts'
import { flatName, type SchemaField } from './compound.ts'

const types = new Map<string, avro.Type>()

/** Binary Avro of one event, without container or header. */
export function encodeEvent(schema: EventSchema, event: ChangeEvent, visible: (field: string) => boolean): Buffer {
  const { header } = event
  const seen = (names: string[]): string[] => names.filter(visible)
  const payload: Record<string, unknown> = {
    ChangeEventHeader: {
      ...header,
      nulledFields: fieldBitmaps(schema.fields, seen(header.nulledFields)),
      diffFields: [],
      changedFields: fieldBitmaps(schema.fields, seen(header.changedFields)),
    },
  }
  for (const field of schema.fields.slice(1)) payload[field.name] = encodeField(field, event.fields, visible)
  return typeOf(schema).toBuffer(payload)
}

function typeOf(schema: EventSchema): avro.Type {
  const known = types.get(schema.id)
  if (known) return known
  const parsed = avro.Type.forSchema(JSON.parse(schema.json) as avro.Schema, { wrapUnions: false })
  types.set(schema.id, parsed)
  return parsed
}

/** An event carries what it was given; a compound is null when none of its parts is there. */
function encodeField(field: SchemaField, values: ChangeEvent['fields'], visible: (field: string) => boolean): unknown {
  if (!field.parts) return visible(field.name) ? avroValue(field.type, values[field.name]) : null
  const parts = field.parts.map((part): [string, unknown] => {
    const flat = flatName(field, part.name)
    return [part.name, visible(flat) ? avroValue(part.type, values[flat]) : null]
  })
  if (parts.some(([, value]) => value !== null)) return Object.fromEntries(parts)
  return field.isSwitchable && visible(field.name) ? avroValue('string', values[field.name]) : null
}

/** A field value as the Avro type of its describe type holds it. */
export function avroValue(type: string, value: Value | undefined): unknown {
  if (value === undefined || value === null) return null
  switch (type) {
    case 'boolean':
      return Boolean(value)
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return Number(value)
    case 'date':
    case 'datetime':
      return epochMs(String(value))
    default:
      return String(value)
  }
}

/** Epoch milliseconds of `2026-01-31` (midnight UTC) or `2026-01-31T10:00:00.000+0000`; null when unreadable. */
function epochMs(text: string): number | null {
  const ms = Date.parse(
    text.replace(/([+-]\d\d)(\d\d)$/, (zone, hours: string, minutes: string) =>
      text.includes('T') ? `${hours}:${minutes}` : zone,
    ),
  )
  return Number.isNaN(ms) ? null : ms
}
