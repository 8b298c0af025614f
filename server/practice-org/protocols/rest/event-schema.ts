import { refusal } from '../http/errors.ts'
import { PubSubError } from '../pubsub/status.ts'
import { topicOf } from '../pubsub/topics.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** `GET /sobjects/X__e/eventSchema`: the Avro schema of a platform event, or of an object's change events. */
export function eventSchemaOf(_request: RestRequest, context: RestContext, object: string): RestResponse {
  const { topics, org } = context
  const event = topics.catalog.platformEvent(object)?.name ?? (org.eventFields(object) ? object : topicOf(object))
  if (!topics.catalog.platformEvent(event) && !org.eventFields(event)) throw refusal.notFound()
  return ok(JSON.parse(topics.schema(event).json))
}

/** `GET /event/eventSchema/{id}`: the same by the id that events carry. */
export function eventSchemaById(_request: RestRequest, context: RestContext, id: string): RestResponse {
  try {
    return ok(JSON.parse(context.topics.schemaById(id, context.caller).json))
  } catch (error) {
    if (error instanceof PubSubError) throw refusal.notFound()
    throw error
  }
}
