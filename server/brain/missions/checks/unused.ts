// A grant that is wider than needed: fields that are read and that no part of the mission uses.
import { ALWAYS_READABLE } from '../../../contract/grant.ts'
import { membersOf } from '../../../contract/gate/expression.ts'
import { NAME_FIELDS } from '../../domain/named-record.ts'
import type { MissionDefinition, ReadStep } from '../../domain/mission.ts'
import { namedIn } from '../../expressions/expression.ts'
import { kindOf } from '../../questions/registry.ts'
import { askingOf, objectOf } from '../language/variables.ts'
import type { Finding, Knowledge } from './finding.ts'
import { RESTS_ON } from '../../../contract/gate/facts.ts'

/** Every field of a step, in a list of used ones. */
const ALL = '*'

/** Fields that a card shows records by, and those that need no grant. */
const SHOWN: ReadonlySet<string> = new Set([...NAME_FIELDS, ...ALWAYS_READABLE])

export function unusedFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const used = usedIn(definition, knowledge)
  return definition.read.flatMap((step) =>
    step.fields.flatMap((field, index) =>
      isUsed(step, field, used)
        ? []
        : [
            {
              path: ['read', step.name, 'fields', index],
              message: `nothing uses ${step.name}.${field}: delete it, since a mission is granted no more than it needs`,
            },
          ],
    ),
  )
}

function isUsed(step: ReadStep, field: string, used: ReadonlySet<string>): boolean {
  if (SHOWN.has(field) || field.endsWith('.Name')) return true
  if ('lookup' in step && step.lookup === field) return true
  // A parent's name is shown with the record it belongs to.
  if (field.endsWith('Id') && step.fields.includes(`${field.slice(0, -2)}.Name`)) return true
  return [`${step.name}.${ALL}`, `${step.name}.${field}`, `${objectOf(step)}.${field}`].some((name) => used.has(name))
}

/** `step.field` and `Object.Field` that some part of the mission uses. */
function usedIn(definition: MissionDefinition, knowledge: Knowledge): ReadonlySet<string> {
  const { read, reason, propose, gate, facts, trigger, title: _title, description: _text, ...others } = definition
  const used = new Set(Object.values(facts))
  for (const step of read) {
    if ('id' in step) for (const each of usedBy(step.id, false)) used.add(each)
    if ('history' in step)
      for (const field of step.fields) used.add(`${step.history}.${field}`).add(`${step.name}.${field}`)
    // Similar records are looked for by what the step they are compared with holds.
    if ('match' in step) used.add(`${step.to}.${ALL}`)
  }
  for (const { question, asking } of askingOf(definition, knowledge)) {
    for (const field of question.modelFields) used.add(field)
    const uses = kindOf(question.kind).uses?.(question.asked, asking) ?? read.map(({ name }) => `${name}.${ALL}`)
    for (const each of uses.flatMap((text) => (text.endsWith(`.${ALL}`) ? [text] : usedBy(text, false)))) used.add(each)
  }
  // A name given to a whole record or list may stand for any field of it.
  for (const text of Object.values(definition.let)) for (const each of usedBy(text, true)) used.add(each)
  for (const text of textsIn([propose, others, reason])) for (const each of usedBy(text, false)) used.add(each)
  for (const template of propose) {
    if (template.kind === 'update')
      for (const field of Object.keys(template.set)) used.add(`${template.record}.${field}`)
    if (template.kind === 'convert') used.add(`${template.record}.${ALL}`)
    if (template.kind === 'merge')
      for (const step of read) if ('of' in step || 'match' in step) used.add(`${step.name}.${ALL}`)
  }
  for (const step of read)
    for (const field of step.fields)
      if (isNamedInGate(field, objectOf(step), gate) || isWordOf(field, trigger)) used.add(`${step.name}.${field}`)
  return used
}

/** What one expression uses; texts that are none use nothing. */
function usedBy(text: string, isName: boolean): string[] {
  // A member of what a function gives: of which list it is, is not followed.
  const takesOfResult = /\)\s*\.\s*[A-Z]/.test(text)
  return namedIn(text).flatMap(({ variable, member }) => {
    if (member !== null) return [`${variable}.${member}`]
    return isName || takesOfResult ? [`${variable}.${ALL}`] : []
  })
}

function isNamedInGate(field: string, object: string, gate: MissionDefinition['gate']): boolean {
  return gate.some((line) => {
    if ('otherwise' in line) return false
    const rests = Object.entries(RESTS_ON).flatMap(([variable, facts]) =>
      membersOf(variable, line.when).flatMap((name) => facts[name] ?? []),
    )
    return rests.includes(`${object}.${field}`) || isWordOf(field, line.when)
  })
}

const isWordOf = (field: string, value: unknown): boolean => new RegExp(`\\b${field}\\b`).test(JSON.stringify(value))

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
