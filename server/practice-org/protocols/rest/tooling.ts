import { parseQuery, type Query } from '@jetstreamapp/soql-parser-js'
import type { Value } from '../../org.ts'
import type { ManagedSubscription } from '../events/event-catalog.ts'
import { filterOf, type EventFilter } from '../events/filter.ts'
import { refusal } from '../http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** `GET /tooling/query`: ManagedEventSubscription, which Pub/Sub clients look up here; any other object is empty. */
export function runToolingQuery(request: RestRequest, context: RestContext): RestResponse {
  const soql = request.query.get('q')
  if (!soql) throw refusal.badInput('Query string parameter q is required', 'MALFORMED_QUERY')
  const query = parsed(soql)
  const isManaged = query.sObject?.toLowerCase() === 'managedeventsubscription'
  const records = isManaged ? managed(query, context) : []
  const entityTypeName = isManaged ? 'ManagedEventSubscription' : null
  return ok({
    size: records.length,
    totalSize: records.length,
    done: true,
    queryLocator: null,
    entityTypeName,
    records,
  })
}

function parsed(soql: string): Query {
  try {
    return parseQuery(soql)
  } catch {
    throw refusal.badInput(`unexpected token: ${soql.trim().split(/\s/)[0] ?? ''}`, 'MALFORMED_QUERY')
  }
}

function managed(query: Query, { base, topics }: RestContext): unknown[] {
  const passes = filterFor(query)
  return topics.catalog.managedSubscriptions
    .filter(({ id, developerName }) => passes({ Id: id, DeveloperName: developerName }))
    .slice(0, query.limit ?? Infinity)
    .map((subscription) => toolingRow(subscription, base))
}

function filterFor(query: Query): EventFilter {
  if (!query.where) return () => true
  try {
    const filter = filterOf(query.where)
    // A client may name the row by its 15 characters.
    return (fields) => filter(fields) || filter({ ...fields, Id: shortId(fields['Id']) })
  } catch {
    throw refusal.badInput('The filter of this query is not supported', 'MALFORMED_QUERY')
  }
}

const shortId = (id: Value | undefined): Value => String(id).slice(0, 15)

function toolingRow({ id, developerName, label, topicName, defaultReplay, state }: ManagedSubscription, base: string) {
  return {
    attributes: {
      type: 'ManagedEventSubscription',
      url: `${base}/tooling/sobjects/ManagedEventSubscription/${id}`,
    },
    Id: id,
    DeveloperName: developerName,
    Metadata: { defaultReplay, errorRecoveryReplay: defaultReplay, label, state, topicName, version: '62.0' },
  }
}
