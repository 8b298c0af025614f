import type { GateLine, Roster } from '../../../contract/gate/lines.ts'
import type { MissionDefinition, MissionVersion, ReadStep, Template } from '../../domain/mission.ts'
import { letsInOrder } from '../language/lets.ts'
import { kindOf } from '../../questions/registry.ts'

/** Explains a mission in plain lines: its rights and its approvers; `titles` are the knowledge documents' titles by name. */
export function explainMission(
  { definition, version, grantHash }: Pick<MissionVersion, 'definition' | 'version' | 'grantHash'>,
  titles: Readonly<Record<string, string>>,
): string[] {
  const { mission, title, description, reason, limits, knowledge, skip } = definition
  return [
    `${title} (${mission})`,
    description.trim(),
    ...(definition.watch
      ? [`Watches: it opens no decision, and compares after ${definition.watch.days} days with what people did.`]
      : []),
    '',
    'Starts',
    ...definition.trigger.map((trigger) => `  ${startOf(trigger)}`),
    ...(definition.rollout
      ? [`  for ${definition.rollout.share} of the records, always the same ones; by hand for every one`]
      : []),
    ...skip.map(({ when, say }) => `  but has nothing to do when ${when} (“${say}”)`),
    '',
    'Reads, and nothing else',
    ...definition.read.map((step) => `  ${step.name}: ${readOf(step)}`),
    '',
    'Knows',
    ...knowledge.map((name) => `  ${name}${titles[name] ? ` – ${titles[name]}` : ''}`),
    '',
    'Asks',
    ...reason.flatMap(({ name, kind, asked }) => askedOf(name, kind, asked)),
    ...letsInOrder(definition.let).map(([name, expression]) => `  ${name} is ${onOneLine(expression)}`),
    '',
    'May propose, and nothing else',
    ...definition.propose.flatMap((template) => proposedOf(template).map((line) => `  ${line}`)),
    '',
    'Who must answer (every line that matches applies)',
    ...definition.gate.map((line, index) => `  ${index + 1}. ${gateOf(line)}`),
    ...assertedOf(definition),
    ...writtenOf(definition),
    '',
    'Limits',
    `  ${limits.records} records and ${limits.apiCalls} Salesforce calls per run, ${limits.perDay} runs a day, ${limits.minutes} minutes`,
    `  ${limits.tokens} tokens of a language model per run, ${limits.open} decisions that await people at one time`,
    '',
    `Grant of version ${version}: ${grantHash}`,
  ]
}

export function startOf(trigger: MissionDefinition['trigger'][number]): string {
  if ('portal' in trigger) {
    const { scope, filter } = trigger.portal
    return `when a person launches it over ${scope}, filtered by ${filter.join(', ')}`
  }
  if ('api' in trigger) return `when a person or a program launches it on one ${trigger.api.object}`
  if ('event' in trigger) return `when a ${trigger.event} asks for it by name`
  if ('poll' in trigger) {
    const { poll, every, deleted } = trigger
    return `every ${every}, for each ${poll} that was created or changed${deleted ? ', or deleted,' : ''} since`
  }
  if ('schedule' in trigger) {
    const { schedule, zone, each } = trigger
    const where = each?.where === undefined ? '' : ` where ${onOneLine(each.where)}`
    return `at “${schedule}” in ${zone}${each ? `, for each ${each.object}${where}` : ''}`
  }
  const [object, what] = trigger.change.split('.')
  const fields = trigger.fields ? `, where ${trigger.fields.join(' or ')} changed` : ''
  return `${trigger.after === '0s' ? 'as soon as' : `${trigger.after} after`} a ${object} is ${what}${fields}`
}

function readOf(step: ReadStep): string {
  const fields = step.fields.join(', ')
  if ('match' in step) {
    return `at most ${step.atMost} records of ${step.match} that match the ${step.to} by ${step.by.join(', ')}: ${fields}`
  }
  if ('history' in step) return `how ${fields} of the ${step.history} changed`
  if ('of' in step) return `each ${step.object} of the ${step.of} (${step.relationship}): ${fields}`
  return step.id === 'trigger.recordId'
    ? `the ${step.object} it is about: ${fields}`
    : `the ${step.object} ${step.id}: ${fields}`
}

function askedOf(name: string, kindName: string, asked: unknown): string[] {
  const kind = kindOf(kindName)
  const fields = kind.modelFields(asked).map(({ field }) => field)
  const model =
    fields.length > 0 ? `A language model, where one is set up, sees only ${fields.join(', ')}.` : 'No model is asked.'
  return [`  ${name}: ${kind.sentence(asked)} ${model}`]
}

function proposedOf(template: Template): string[] {
  const when = template.when === null ? '' : `, when ${template.when}`
  switch (template.kind) {
    case 'update':
      return [`change the ${template.record}${when}:`, ...valuesOf(template.set)]
    case 'create':
      return [`create a record of ${template.object}${when}:`, ...valuesOf(template.set)]
    case 'merge':
      return [
        `merge what ${template.of} found to be one${when}, setting ${template.fields.join(', ')}`,
        ...template.remove.map((object) => `  after deleting records of ${object} that the org would refuse it for`),
      ]
    case 'convert':
      return [`convert the ${template.record} into ${template.into}${when}`]
  }
}

const valuesOf = (set: Readonly<Record<string, string>>): string[] =>
  Object.entries(set).map(([field, expression]) => `  ${field}: ${onOneLine(expression)}`)

export const onOneLine = (expression: string): string => expression.replaceAll(/\s+/g, ' ').trim()

export function gateOf(line: GateLine): string {
  const when = 'otherwise' in line ? 'otherwise' : `when ${line.when}`
  if ('block' in line) return `${when}: refused (${line.block})`
  const then = line.then ? `, and once they approved ${peopleOf(line.then)}` : ''
  return `${when}: ${peopleOf(line.asks)}${then}`
}

const assertedOf = ({ assert = [] }: MissionDefinition): string[] =>
  assert.length === 0 ? [] : ['', 'Must still hold right before the write', ...assert.map((holds) => `  ${holds}`)]

function writtenOf({ commit }: MissionDefinition): string[] {
  if (!commit) return []
  const { windows = [], freeze = [], zone, notBefore } = commit
  return [
    '',
    'When an approved change is written',
    ...windows.map((window) => `  ${window}, by the clocks of ${zone}`),
    ...freeze.map((days) => `  not from ${days.replace('/', ' to ')}, both days included`),
    ...(notBefore === undefined ? [] : [`  not before ${onOneLine(notBefore)}`]),
  ]
}

const peopleOf = (rosters: readonly Roster[]): string => rosters.map(rosterWords).join(' and ')

/** `2 people from the group RevOps`. */
export function rosterWords({ needs, from }: Roster): string {
  return `${needs === 1 ? 'one person' : `${needs} people`} from ${fromOf(from)}`
}

function fromOf(from: string): string {
  const [kind, name] = from.split(':')
  if (kind === 'group') return `the group ${name}`
  return kind === 'permission' ? `those with the permission ${name}` : from
}
