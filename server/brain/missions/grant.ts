import { ALWAYS_READABLE, type Grant } from '../../contract/grant.ts'
import { definitionHash, sourceHash } from '../domain/intact.ts'
import type { MissionDefinition } from '../domain/mission.ts'
import { objectOf } from './definition-check.ts'

type Kind = Grant['writes'][string]['kinds'][number]

/**
 * What a mission version may touch: exactly its `read` and `propose`, in a fixed order, so that equal definitions have equal
 * hashes; and who must answer.
 */
export function grantOf(
  { definition, source }: { definition: MissionDefinition; source: string },
  version: number,
  knowledge: Grant['knowledge'],
): Grant {
  return {
    mission: definition.mission,
    version,
    reads: readsOf(definition),
    writes: writesOf(definition),
    gate: definition.gate,
    facts: definition.facts,
    definition: { parsed: definitionHash(definition), source: sourceHash(source) },
    knowledge,
    limits: { records: definition.limits.records, apiCalls: definition.limits.apiCalls },
  }
}

/** Parents that a dotted field goes through, by relationship; what is not here is an object of the same name. */
const PARENTS: Record<string, string> = { Owner: 'User', Parent: 'Account', LastModifiedBy: 'User', CreatedBy: 'User' }

function readsOf(definition: MissionDefinition): Grant['reads'] {
  const reads = new Map<string, Set<string>>()
  const add = (object: string, field: string) => {
    const fields = reads.get(object) ?? new Set<string>()
    reads.set(object, fields)
    if (!ALWAYS_READABLE.some((name) => name === field)) fields.add(field)
  }
  for (const step of definition.read) {
    for (const path of ['Id', ...step.fields, ...('lookup' in step ? [step.lookup] : [])]) {
      const [first = '', second] = path.split('.')
      if (second === undefined) add(objectOf(step), first)
      else {
        add(objectOf(step), first === 'RecordType' ? 'RecordTypeId' : `${first}Id`)
        add(PARENTS[first] ?? first, second)
      }
    }
  }
  // What was written is read back, so every proposed field is readable too.
  const { merge, update, create } = definition.propose
  for (const [object, fields] of [...Object.entries(update), ...Object.entries(create)]) {
    for (const field of fields) add(object, field)
  }
  for (const field of merge?.fields ?? []) add('Account', field)
  if (definition.knowledge.includes('territory-rules')) for (const field of OWNER_FIELDS) add('User', field)
  if (definition.propose.convert)
    for (const field of ['ApiName', 'MasterLabel', 'IsConverted']) add('LeadStatus', field)
  return sorted(new Map([...reads].map(([object, fields]) => [object, [...fields].sort()])))
}

/** Fields of users that routing by territory needs. */
const OWNER_FIELDS = ['Username', 'IsActive']

function writesOf({ propose }: MissionDefinition): Grant['writes'] {
  const writes = new Map<string, { kinds: Set<Kind>; fields: Set<string> }>()
  const allow = (object: string, kind: Kind, fields: readonly string[]) => {
    const entry = writes.get(object) ?? { kinds: new Set<Kind>(), fields: new Set<string>() }
    writes.set(object, entry)
    entry.kinds.add(kind)
    for (const field of fields) entry.fields.add(field)
  }
  for (const [object, fields] of Object.entries(propose.update)) {
    const plain = fields.filter((field) => field !== 'OwnerId')
    if (plain.length > 0) allow(object, 'update', plain)
    if (fields.includes('OwnerId')) allow(object, 'changeOwner', ['OwnerId'])
  }
  for (const [object, fields] of Object.entries(propose.create)) allow(object, 'create', fields)
  for (const object of propose.delete) allow(object, 'delete', [])
  if (propose.merge) allow(propose.merge.object, 'merge', propose.merge.fields)
  if (propose.convert) allow('Lead', 'convertLead', [])
  return sorted(
    new Map(
      [...writes].map(([object, { kinds, fields }]) => [
        object,
        { kinds: [...kinds].sort(), fields: [...fields].sort() },
      ]),
    ),
  )
}

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
