import { CONVERTED_STATUS, parentObject } from '../../contract/org-objects.ts'
import { ALWAYS_READABLE, type Grant } from '../../contract/grant.ts'
import { definitionHash, sourceHash } from '../domain/intact.ts'
import type { MergeTemplate, MissionDefinition, ReadStep, UpdateTemplate } from '../domain/mission.ts'
import { commitTimesOf } from './language/commit-times.ts'
import { assertionsOf } from './language/granted-assertions.ts'
import { fieldsOfTrigger } from './language/trigger-fields.ts'
import { objectOf } from './language/variables.ts'

type Kind = Grant['writes'][string]['kinds'][number]

/**
 * What a mission version may touch: exactly its `read` and `propose`, in a fixed order, so that equal definitions have equal
 * hashes; and who must answer.
 */
export function grantOf(
  { definition, source, usersNamed }: { definition: MissionDefinition; source: string; usersNamed: boolean },
  version: number,
  knowledge: Grant['knowledge'],
): Grant {
  return {
    mission: definition.mission,
    version,
    reads: readsOf(definition, usersNamed),
    // A watching version writes nothing, by its grant.
    writes: definition.watch ? {} : writesOf(definition),
    gate: definition.gate,
    facts: definition.facts,
    ...assertionsOf(definition),
    ...commitTimesOf(definition),
    definition: { parsed: definitionHash(definition), source: sourceHash(source) },
    knowledge,
    limits: { records: definition.limits.records, apiCalls: definition.limits.apiCalls },
  }
}

function readsOf(definition: MissionDefinition, usersNamed: boolean): Grant['reads'] {
  const reads = new Map<string, Set<string>>()
  const add = (object: string, field: string) => {
    const fields = reads.get(object) ?? new Set<string>()
    reads.set(object, fields)
    if (!ALWAYS_READABLE.some((name) => name === field)) fields.add(field)
  }
  const addPath = (object: string, path: string) => {
    const [first = '', second] = path.split('.')
    if (second === undefined) return add(object, first)
    add(object, first === 'RecordType' ? 'RecordTypeId' : `${first}Id`)
    add(parentObject(first), second)
  }
  for (const step of definition.read)
    for (const path of ['Id', ...step.fields, ...('lookup' in step ? [step.lookup] : [])]) addPath(objectOf(step), path)
  for (const [object, path] of definition.trigger.flatMap(fieldsOfTrigger)) addPath(object, path)
  // What was written is read back, so every proposed field is readable too.
  for (const [object, { fields }] of Object.entries(writesOf(definition)))
    for (const field of fields) add(object, field)
  if (usersNamed) for (const field of USER_FIELDS) add('User', field)
  if (definition.propose.some(({ kind }) => kind === 'convert'))
    for (const field of CONVERTED_STATUS.fields) add(CONVERTED_STATUS.object, field)
  return sorted(new Map([...reads].map(([object, fields]) => [object, [...fields].sort()])))
}

/** Fields of users that an owner named by a table is found by. */
const USER_FIELDS = ['Username', 'IsActive']

function writesOf({ read, reason, propose }: MissionDefinition): Grant['writes'] {
  const writes = new Map<string, { kinds: Set<Kind>; fields: Set<string> }>()
  const allow = (object: string, kind: Kind, fields: readonly string[]) => {
    const entry = writes.get(object) ?? { kinds: new Set<Kind>(), fields: new Set<string>() }
    writes.set(object, entry)
    entry.kinds.add(kind)
    for (const field of fields) entry.fields.add(field)
  }
  const step = (name: string) => read.find((each) => each.name === name)
  for (const template of propose) {
    if (template.kind === 'create') allow(template.object, 'create', Object.keys(template.set))
    else if (template.kind === 'update') allowUpdate(objectOf(stepNamed(step(template.record))), template)
    else if (template.kind === 'convert') allow(objectOf(stepNamed(step(template.record))), 'convertLead', [])
    else allowMerge(template)
  }
  return sorted(
    new Map(
      [...writes].map(([object, { kinds, fields }]) => [
        object,
        { kinds: [...kinds].sort(), fields: [...fields].sort() },
      ]),
    ),
  )

  function allowUpdate(object: string, { set }: UpdateTemplate): void {
    const plain = Object.keys(set).filter((field) => field !== 'OwnerId')
    if (plain.length > 0) allow(object, 'update', plain)
    if ('OwnerId' in set) allow(object, 'changeOwner', ['OwnerId'])
  }

  /** With the merge come the updates that put back what it set and moved. */
  function allowMerge({ of, fields, remove, putBack }: MergeTemplate): void {
    const question = reason.find(({ name }) => name === of)
    const object = objectOf(stepNamed(step((question?.asked as { of: string }).of)))
    allow(object, 'merge', fields)
    allow(object, 'update', fields)
    for (const removed of remove) allow(removed, 'delete', [])
    for (const name of putBack) {
      const children = step(name)
      if (children && 'of' in children) allow(children.object, 'update', [children.lookup])
    }
  }
}

/** Throws TypeError for a step that was not checked. */
function stepNamed(step: ReadStep | undefined): ReadStep {
  if (!step) throw new TypeError('a template names a step that is not there')
  return step
}

const sorted = <T>(map: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)))
