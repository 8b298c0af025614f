import type { GateLine } from '../../server/contract/gate/lines.ts'
import type { MissionDefinition, MissionVersion, ReadStep } from '../../server/brain/domain/mission.ts'

/** Explains a mission in plain lines: its rights and its approvers; `titles` are the knowledge documents' titles by name. */
export function explainMission(
  { definition, grantHash }: Pick<MissionVersion, 'definition' | 'grantHash'>,
  titles: Readonly<Record<string, string>>,
): string[] {
  const { mission, title, description, reason, limits, knowledge } = definition
  const { model } = reason
  return [
    `${title} (${mission})`,
    description.trim(),
    '',
    'Starts',
    ...definition.trigger.map((trigger) => `  ${startOf(trigger)}`),
    '',
    'Reads, and nothing else',
    ...definition.read.map((step) => `  ${step.name}: ${readOf(step)}`),
    '',
    'Knows',
    ...knowledge.map((name) => `  ${name}${titles[name] ? ` – ${titles[name]}` : ''}`),
    '',
    'Answers',
    `  ${reason.question}`,
    model ? `  A language model, where one is set up, sees only ${model.fields.join(', ')}.` : '  No model is asked.',
    '',
    'May propose, and nothing else',
    ...writesOf(definition),
    '',
    'Who must answer (every line that matches applies)',
    ...definition.gate.map((line, index) => `  ${index + 1}. ${gateOf(line)}`),
    '',
    'Limits',
    `  ${limits.records} records and ${limits.apiCalls} Salesforce calls per run, ${limits.perDay} runs a day, ${limits.minutes} minutes`,
    `  ${limits.tokens} tokens of a language model per run, ${limits.open} decisions that await people at one time`,
    '',
    `Grant of version 1: ${grantHash}`,
  ]
}

function startOf(trigger: MissionDefinition['trigger'][number]): string {
  if ('portal' in trigger) {
    const { scope, filter } = trigger.portal
    return `when a person launches it over ${scope}, filtered by ${filter.join(', ')}`
  }
  const [object, what] = trigger.change.split('.')
  return `${trigger.after === '0s' ? 'as soon as' : `${trigger.after} after`} a ${object} is ${what}`
}

function readOf(step: ReadStep): string {
  const fields = step.fields.join(', ')
  if ('match' in step) {
    return `at most ${step.atMost} records of ${step.match} that match the ${step.to} by ${step.by.join(', ')}: ${fields}`
  }
  return 'of' in step
    ? `each ${step.object} of the ${step.of} (${step.relationship}): ${fields}`
    : `one ${step.object}: ${fields}`
}

function writesOf({ propose }: MissionDefinition): string[] {
  const { merge, update, create, convert } = propose
  return [
    ...(merge
      ? [`  merge records of ${merge.object} after ${merge.survivorship}, setting ${merge.fields.join(', ')}`]
      : []),
    ...Object.entries(update).map(([object, fields]) => `  change ${fields.join(', ')} of records of ${object}`),
    ...Object.entries(create).map(([object, fields]) => `  create records of ${object} with ${fields.join(', ')}`),
    ...propose.delete.map((object) => `  delete records of ${object}`),
    ...(convert ? [`  convert the lead when ${convert.when}`] : []),
  ]
}

function gateOf(line: GateLine): string {
  const when = 'otherwise' in line ? 'otherwise' : `when ${line.when}`
  if ('block' in line) return `${when}: refused (${line.block})`
  const asked = line.asks.map(
    ({ needs, from }) => `${needs === 1 ? 'one person' : `${needs} people`} from ${fromOf(from)}`,
  )
  return `${when}: ${asked.join(' and ')}`
}

function fromOf(from: string): string {
  const [kind, name] = from.split(':')
  if (kind === 'group') return `the group ${name}`
  return kind === 'permission' ? `those with the permission ${name}` : from
}
