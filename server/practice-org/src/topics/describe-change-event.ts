// Change events as an org describes them: objects that can be heard and nothing else.
import type { Caller, Org } from '../org/org.ts'
import { objectOf, topicOf } from './topics.ts'
import { describeEvent, describeField, eventSummary } from './describe-event.ts'

type Json = Record<string, unknown>

/** The change events among what the caller may know of, for the list of objects. */
export function changeEventSummaries(org: Org, caller: Caller, objects: Json[]): Json[] {
  return objects.flatMap((object) => {
    const topic = topicOf(String(object['name']))
    return org.eventFields(topic) ? [summary(object, topic, caller)] : []
  })
}

/** The full description of a change event such as `LeadChangeEvent`; undefined for any other name. */
export function describeChangeEvent(org: Org, caller: Caller, name: string): Json | undefined {
  const topic = name.replace(/changeevent$/i, 'ChangeEvent')
  if (!topic.endsWith('ChangeEvent')) return undefined
  const objects = org.describeGlobal(caller)
  const object = objects.find((one) => String(one['name']).toLowerCase() === objectOf(topic).toLowerCase())
  const own = object && topicOf(String(object['name']))
  const heard = own && org.eventFields(own)
  if (!object || !own || !heard) return undefined
  const names = new Set(heard.map((field) => field.name))
  const described = org.describe(caller, String(object['name']))['fields'] as Json[]
  const fields = described.filter((field) => names.has(String(field['name'])))
  const event = definition(object, own)
  return {
    ...describeEvent(event, caller.version, false),
    ...summary(object, own, caller),
    fields: [...HEAD.map(describeField), ...fields.map((field) => ({ ...field, ...ONLY_HEARD }))],
  }
}

/** What a change event has before the fields of its object. */
const HEAD = [
  { name: 'Id', label: 'Record ID', type: 'id' },
  { name: 'ReplayId', label: 'Replay ID', type: 'string', length: 1000 },
  { name: 'ChangeEventHeader', label: 'Change Event Header', type: 'complexvalue', required: true },
].map((field) => ({ ...field, custom: false, createable: false })) as Parameters<typeof describeField>[0][]

/** Fields of events are read as they come: no query compares them, nobody writes them. */
const ONLY_HEARD = Object.fromEntries(
  ['aggregatable', 'createable', 'filterable', 'groupable', 'idLookup', 'nameField', 'permissionable', 'sortable']
    .concat(['unique', 'updateable', 'externalId', 'searchPrefilterable', 'cascadeDelete', 'restrictedDelete'])
    .map((name) => [name, false]),
)

const definition = (object: Json, name: string) => ({
  name,
  label: `${String(object['label'])} Change Event`,
  labelPlural: `${String(object['label'])} Change Events`,
  keyPrefix: null,
})

function summary(object: Json, topic: string, caller: Caller): Json {
  return {
    ...eventSummary(definition(object, topic), caller.version, false),
    associateEntityType: 'ChangeEvent',
    associateParentEntity: object['name'],
    custom: false,
  }
}
