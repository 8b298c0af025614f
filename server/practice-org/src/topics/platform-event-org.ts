import { makeId } from '../schema/ids.ts'
import { OrgError, type Caller, type Org } from '../org/org.ts'
import type { Value } from '../org/values.ts'
import { checkPushTopic } from './push-topic-query.ts'
import { refusal } from '../wire/http/errors.ts'
import type { EventCatalog, PlatformEventDef } from './event-catalog.ts'
import { changeEventSummaries, describeChangeEvent } from './describe-change-event.ts'
import { describeEvent, eventSummary } from './describe-event.ts'

/**
 * The same org with its platform events: creating one publishes it; none can be read, changed or deleted. PushTopics are
 * checked before they are kept.
 */
export function withPlatformEvents(org: Org, catalog: EventCatalog): Org {
  const eventOf = (name: string): PlatformEventDef | undefined => catalog.platformEvent(name)
  const mayPublish = (userId: string, event: PlatformEventDef): boolean =>
    event.deployed
      ? org.objectAccess(userId, event.name).create
      : event.publishProfiles.includes(org.user(userId)?.profileName ?? '')
  const added: Partial<Org> = {
    create: (caller, object, fields, options) => {
      const event = eventOf(object)
      if (isPushTopic(object)) checkPushTopic(org, caller, fields)
      if (!event) return org.create(caller, object, fields, options)
      if (!mayPublish(caller.userId, event)) throw notCreatable(event)
      return publishEvents(org, caller, event, [fields])[0]?.id ?? ''
    },
    update: (caller, object, id, fields, options) => {
      if (isPushTopic(object)) checkPushTopic(org, caller, fields)
      org.update(caller, object, id, fields, options)
    },
    describeGlobal: (caller) => {
      const events = catalog.platformEvents.map((event) =>
        eventSummary(event, caller.version, mayPublish(caller.userId, event)),
      )
      const objects = org.describeGlobal(caller)
      const changes = changeEventSummaries(org, caller, objects)
      return [...objects, ...events, ...changes].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1))
    },
    describe: (caller, object) => {
      const event = eventOf(object)
      if (event) return describeEvent(event, caller.version, mayPublish(caller.userId, event))
      return describeChangeEvent(org, caller, object) ?? org.describe(caller, object)
    },
    objectAccess: (userId, object) => {
      const event = eventOf(object)
      if (!event) return org.objectAccess(userId, object)
      // Asked for each event that is delivered, and then only whether it may be read.
      const create = (): boolean => mayPublish(userId, event)
      return {
        read: !event.deployed || org.objectAccess(userId, event.name).read,
        get create() {
          return create()
        },
        edit: false,
        delete: false,
        viewAll: true,
      }
    },
    fieldAccess: (userId, object, field) =>
      eventOf(object) ? { read: true, edit: false } : org.fieldAccess(userId, object, field),
  }
  return new Proxy(org, {
    get(target, name) {
      const own: unknown = Reflect.get(added, name)
      if (own !== undefined) return own
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

const isPushTopic = (object: string): boolean => object.toLowerCase() === 'pushtopic'

/**
 * Publishes events of one kind, all or none of them.
 * Throws OrgError for an unknown field, a missing required one or a value of the wrong type.
 */
export function publishEvents(
  org: Org,
  caller: Caller,
  event: PlatformEventDef,
  rows: Record<string, Value>[],
): { id: string; replayId: number }[] {
  const drafts = rows.map((row) => ({
    topic: event.name,
    entityName: event.name,
    fields: { ...checked(event, row), CreatedById: caller.userId },
  }))
  return org.emit(caller, drafts).map(({ replayId }) => ({ id: makeId(event.keyPrefix, replayId), replayId }))
}

const SYSTEM = new Set(['CreatedDate', 'CreatedById', 'EventUuid', 'ReplayId'])

function checked(event: PlatformEventDef, row: Record<string, Value>): Record<string, Value> {
  const known = new Map(event.fields.map((field) => [field.name.toLowerCase(), field]))
  const values: Record<string, Value> = {}
  for (const [name, value] of Object.entries(row)) {
    if (SYSTEM.has(name)) continue
    const field = known.get(name.toLowerCase())
    if (!field) throw refusal.badInput(`No such column '${name}' on sobject of type ${event.name}`, 'INVALID_FIELD')
    values[field.name] = typed(field, value)
  }
  const missing = event.fields.filter(({ name, required }) => required && (values[name] ?? '') === '')
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name)
    const message = `Required fields are missing: [${names.join(', ')}]`
    throw new OrgError({ status: 400, errorCode: 'REQUIRED_FIELD_MISSING', message, fields: names })
  }
  return values
}

function typed(field: PlatformEventDef['fields'][number], value: Value): Value {
  if (value === null || value === '') return null
  const wrong = (): OrgError =>
    refusal.badJson(`Cannot deserialize instance of ${field.type} from value ${String(value)} [line:1, column:1]`)
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw wrong()
    case 'double':
      if (Number.isFinite(Number(value)) && typeof value !== 'boolean') return Number(value)
      throw wrong()
    case 'date':
    case 'datetime':
      if (!Number.isNaN(Date.parse(String(value)))) return new Date(String(value)).toISOString().replace('Z', '+0000')
      throw wrong()
    default:
      return shortEnough(field, String(value))
  }
}

function shortEnough(field: PlatformEventDef['fields'][number], text: string): string {
  if (field.length === undefined || text.length <= field.length) return text
  const message = `${field.label}: data value too large: ${text.slice(0, 100)} (max length=${field.length})`
  throw new OrgError({ status: 400, errorCode: 'STRING_TOO_LONG', message, fields: [field.name] })
}

function notCreatable(event: PlatformEventDef): OrgError {
  return new OrgError({
    status: 403,
    errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
    message: `insufficient access rights on object ${event.name}`,
    fields: [],
  })
}
