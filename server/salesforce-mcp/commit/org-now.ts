// The org as it is now, with everything that drift, gate and blockers are worked out from.
import type { SealedDocument } from '../../contract/change-set.ts'
import type { Grant } from '../../contract/grant.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { ObjectSchema } from '../org/describe.ts'
import type { RecordValues } from '../../contract/values/record-values.ts'
import { runQueries, type Query, type Rows } from '../org/query.ts'
import { recordOf } from '../org/records.ts'
import type { ToolCall } from '../services/services.ts'
import { stateReading, type States } from '../writers/state.ts'
import { grantedFields } from '../grants/granted-fields.ts'
import { gateFields } from './gate.ts'
import { childrenQuery, mergesOf, movingRelationships } from './moved-children.ts'

export interface OrgNow {
  /** Touched records, those that a merge ends with their children, records of the evidence and of the assertions. */
  states: States
  /** Relationships whose records a merge would move. */
  relationships: ObjectSchema['childRelationships']
  /** Answers to `also`. */
  others: Rows[]
}

/**
 * Read as the reading user, who may read all that the gate rests on: one API call for up to five objects. `also` is asked along
 * with it.
 */
export async function readOrgNow(
  { services, count }: ToolCall,
  { operations, evidence = [], assertions = [] }: Pick<SealedDocument, 'operations' | 'evidence' | 'assertions'>,
  grant: Grant,
  also: readonly Query[] = [],
): Promise<OrgNow> {
  const { reader, schemas } = services
  const merged = mergesOf(operations)[0]
  const schema = merged && (await schemas.of(merged.object, count))
  const children = schema && childrenQuery(grant, schema, operations)
  const fieldsOf = (of: ObjectSchema) => [...gateFields(grant, of), ...grantedFields(of, grant, operations)]
  const touched = await stateReading(operations, schemas, count, fieldsOf, [
    ...evidence,
    ...assertions.flatMap(({ over }) => over),
  ])
  const asked = [...also, ...(children ? [children] : []), ...touched.queries]
  const results = await runQueries(reader, asked, count)
  const others = results.splice(0, also.length)
  const parents = children ? (results.shift()?.rows ?? []) : []
  const states = touched.statesOf(results.flatMap(({ rows }) => rows))
  const relationships = schema && children ? movingRelationships(grant, schema) : []
  const names = relationships.flatMap(({ relationshipName }) => relationshipName ?? [])
  for (const row of parents) {
    const parent = recordOf(row, [], names)
    const state = states.get(parent.id)
    if (state && parent.children) states.set(parent.id, { ...state, children: parent.children })
  }
  return { states, relationships, others }
}

/** What of it the brain may learn. */
export function grantedValues(states: States, operations: readonly Operation[], grant: Grant): RecordValues[] {
  return [...states.values()].map(({ object, id, values, schema }) => {
    const granted = new Set(grantedFields(schema, grant, operations))
    return { object, id, values: Object.fromEntries(Object.entries(values).filter(([name]) => granted.has(name))) }
  })
}
