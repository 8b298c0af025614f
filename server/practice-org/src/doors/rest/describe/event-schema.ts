// Avro schemas of events, by the event's name or by the schema's id.

import { refusal } from '../../../wire/http/errors.ts'
import { PubSubError } from '../../../topics/status.ts'
import { mayHear, topicOf } from '../../../topics/topics.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

/** `GET /sobjects/X__e/eventSchema`: the schema of a platform event, or of an object's change events. */
export function eventSchemaOf(request: RestRequest, context: RestContext, object: string): RestResponse {
  const { topics, org } = context
  const event = topics.catalog.platformEvent(object)?.name ?? (org.eventFields(object) ? object : topicOf(object))
  if (!topics.catalog.platformEvent(event) && !org.eventFields(event)) throw refusal.notFound()
  return schemaAnswer(request, context, topics.schema(event).json)
}

/** `GET /event/eventSchema/{id}`: the same by the id that events carry. */
export function eventSchemaById(request: RestRequest, context: RestContext, id: string): RestResponse {
  try {
    return schemaAnswer(request, context, context.topics.schemaById(id, context.caller).json)
  } catch (error) {
    if (error instanceof PubSubError) throw refusal.notFound()
    throw error
  }
}

/** A schema names every field of its object: it is for those who may hear of the object's changes. */
function schemaAnswer(request: RestRequest, { topics, org, caller }: RestContext, json: string): RestResponse {
  const { name } = JSON.parse(json) as Schema
  const isChange = org.eventFields(name) !== undefined
  if (isChange && !mayHear(topics.resolve(`/data/${name}`), caller.userId, org)) throw refusal.notFound()
  return ok(inFormat(request, json))
}

interface Schema {
  name: string
  namespace: string
  fields: unknown[]
  uuid: string
}

/**
 * `payloadFormat=COMPACT` is the Avro record that events are encoded by; without it, or with `EXPANDED`, what CometD
 * delivers around that record.
 */
function inFormat(request: RestRequest, json: string): unknown {
  const format = request.query.get('payloadFormat') ?? 'EXPANDED'
  const compact = JSON.parse(json) as Schema
  if (format === 'COMPACT') return compact
  if (format === 'EXPANDED') return expanded(compact)
  throw refusal.badInput(`Invalid value for payloadFormat: ${format}`, 'INVALID_QUERY_PARAMETER')
}

function expanded({ name, namespace, fields, uuid }: Schema) {
  const record = (of: string, members: unknown[]) => ({ type: 'record', name: of, namespace: '', fields: members })
  const event = record('Event', [{ name: 'replayId', type: 'long' }])
  const data = record('Data', [
    { name: 'schema', type: 'string' },
    { name: 'payload', type: { ...record('Payload', fields), doc: '' } },
    { name: 'event', type: event },
  ])
  return {
    name,
    namespace,
    type: 'expanded-record',
    fields: [
      { name: 'data', type: data },
      { name: 'channel', type: 'string' },
    ],
    uuid,
  }
}
