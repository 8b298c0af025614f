// What an org lacks of what a mission names: found before it is activated, instead of by its first runs.
import type { DescribedGrant, DescribedObject } from '../../../contract/described-grant.ts'
import { ALWAYS_READABLE } from '../../../contract/grant.ts'
import { closestTo } from '../../domain/did-you-mean.ts'
import type { MissionDefinition, MissionTrigger, ReadStep } from '../../domain/mission.ts'
import type { KnowledgeDocument } from '../../knowledge/document.ts'
import type { Finding } from '../checks/finding.ts'
import { fieldsOfTrigger } from '../language/trigger-fields.ts'
import { objectOf } from '../language/variables.ts'
import { writeFindings } from './write-findings.ts'
import type { OrgNames } from './org-names.ts'

/** Compares a sound definition with what the org has. */
export function orgFindings(
  definition: MissionDefinition,
  described: DescribedGrant,
  document: (name: string) => KnowledgeDocument | null,
): Finding[] {
  const byName = new Map(described.objects.map(({ object, found }) => [object, found]))
  const org: OrgNames = {
    object: (name) => byName.get(name) ?? null,
    isAsked: (name) => byName.has(name),
  }
  return [
    ...definition.trigger.flatMap((trigger, index) => triggerFindings(trigger, ['trigger', index], org)),
    ...definition.read.flatMap((step) => stepFindings(step, definition.read, org)),
    ...writeFindings(definition, org, document),
    ...Object.entries(definition.facts).flatMap(([name, path]) => factFindings(name, path, org)),
    ...rosterFindings(definition, described),
  ]
}

/** A field that is not there, or is computed, never changes: its mission would never start, and no error would say why. */
function triggerFindings(trigger: MissionTrigger, path: Finding['path'], org: OrgNames): Finding[] {
  return fieldsOfTrigger(trigger).flatMap(([object, field], index): Finding[] => {
    const found = org.object(object)
    const at = 'change' in trigger ? [...path, 'fields', index] : [...path, 'each', 'where']
    if (!found) return []
    const lacking = fieldFindings(field, object, found, at)
    const isComputed = found.fields.some(({ name, calculated }) => name === field && calculated)
    if (lacking.length > 0 || !('change' in trigger) || !isComputed) return lacking
    return [
      {
        path: at,
        message: `${object}.${field} is computed, and the org tells no change of it: wait for what it is computed from`,
      },
    ]
  })
}

function stepFindings(step: ReadStep, steps: readonly ReadStep[], org: OrgNames): Finding[] {
  const object = objectOf(step)
  const path = ['read', step.name]
  if (!org.isAsked(object)) return []
  const found = org.object(object)
  if (!found)
    return [
      {
        path: [...path, 'match' in step ? 'match' : 'object'],
        message: `the org has no ${object}, or the reading user does not see it: grant that user the object`,
      },
    ]
  return [
    ...step.fields.flatMap((field, index) => fieldFindings(field, object, found, [...path, 'fields', index])),
    ...('relationship' in step ? childFindings(step, steps, org) : []),
    ...('id' in step ? lookupFindings(step, steps, org) : []),
  ]
}

/** The first part of a dotted name is a lookup: `Owner.Name` goes over `OwnerId`. */
function fieldFindings(field: string, object: string, found: DescribedObject, path: Finding['path']): Finding[] {
  const [first = '', parent] = field.split('.')
  const wanted = parent === undefined ? [first] : [`${first}Id`, first.replace(/__r$/, '__c')]
  const isThere = wanted.some((name) => found.names.includes(name) || ALWAYS_READABLE.some((always) => always === name))
  if (isThere) return []
  const close = closestTo(first, found.names)
  const hint = close === null ? 'delete it, or grant it to the reading user' : `did you mean ${close}?`
  return [{ path, message: `the org has no ${object}.${field}, or the reading user does not see it: ${hint}` }]
}

function childFindings(
  step: Extract<ReadStep, { relationship: string }>,
  steps: readonly ReadStep[],
  org: OrgNames,
): Finding[] {
  const parent = steps.find(({ name }) => name === step.of)
  const found = parent && org.object(objectOf(parent))
  if (!parent || !found) return []
  const ofObject = found.children.filter(({ object }) => object === step.object)
  const relationship = ofObject.find((each) => each.relationship === step.relationship)
  if (!relationship) {
    const there = ofObject.map((each) => each.relationship)
    const hint = there.length > 0 ? `: write ${there.join(' or ')}` : ''
    const message = `${objectOf(parent)} has no relationship “${step.relationship}” to ${step.object}${hint}`
    return [{ path: ['read', step.name, 'relationship'], message }]
  }
  if (relationship.field === step.lookup) return []
  const message = `“${step.relationship}” goes over ${step.object}.${relationship.field}: write lookup: ${relationship.field}`
  return [{ path: ['read', step.name, 'lookup'], message }]
}

/** A step that follows a lookup reads what the lookup points at. */
function lookupFindings(step: Extract<ReadStep, { id: string }>, steps: readonly ReadStep[], org: OrgNames): Finding[] {
  const [, name, field] = /^([a-z]\w*)\.([A-Za-z]\w*)$/.exec(step.id.trim()) ?? []
  const from = steps.find((each) => each.name === name)
  const described = from && org.object(objectOf(from))?.fields.find((each) => each.name === field)
  if (!from || !described || field === 'Id') return []
  const { referenceTo } = described
  if (referenceTo.includes(step.object)) return []
  const what = referenceTo.length > 0 ? `points at ${referenceTo.join(', ')}` : 'is no lookup'
  return [
    {
      path: ['read', step.name, 'id'],
      message: `${objectOf(from)}.${field} ${what}, and this step reads ${step.object}`,
    },
  ]
}

function factFindings(name: string, path: string, org: OrgNames): Finding[] {
  const [object = '', field = ''] = path.split('.')
  const found = org.object(object)?.fields.find((each) => each.name === field)
  if (!found || found.type === 'boolean') return []
  return [{ path: ['facts', name], message: `${path} is of the type ${found.type}: a fact comes from a checkbox` }]
}

function rosterFindings({ gate }: MissionDefinition, { rosters }: DescribedGrant): Finding[] {
  const people = new Map(rosters.map((each) => [each.from, each.people]))
  return gate.flatMap((line, index) => {
    if (!('asks' in line)) return []
    return line.asks.flatMap(({ needs, from }): Finding[] => {
      const there = people.get(from) ?? 0
      if (there >= needs) return []
      const [kind, name] = from.split(':')
      const what = kind === 'group' ? `the public group ${name}` : `the permission ${name}`
      const message =
        there === 0
          ? `${what} does not exist, or has no active member: nobody could answer`
          : `${what} has ${there} active ${there === 1 ? 'member' : 'members'}, and this line needs ${needs}`
      return [{ path: ['gate', index], message }]
    })
  })
}
