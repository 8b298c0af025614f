import type { GateLine } from '../../../contract/gate/lines.ts'
import type { MissionDefinition } from '../../domain/mission.ts'
import { objectOf } from '../language/variables.ts'
import type { Finding } from './finding.ts'
import { BUILT_IN_FACTS } from '../../../contract/gate/facts.ts'
import { checkExpression, fieldsComparedWith, membersOf } from '../../../contract/gate/expression.ts'

/** Conditions that cannot be evaluated or never match, facts that are not read, lines that ask no roster. */
export function gateFindings(definition: MissionDefinition): Finding[] {
  const { gate, facts } = definition
  const changeable = changeableFields(definition)
  const findings = gate.flatMap((line, index): Finding[] => {
    const found = 'otherwise' in line ? [] : conditionFindings(line.when, changeable, definition)
    const at = 'otherwise' in line ? ['gate', index] : ['gate', index, 'when']
    return [...found.map((message) => ({ path: at, message })), ...rosterFindings(line, index)]
  })
  const unread = Object.entries(facts).flatMap(([name, path]): Finding[] =>
    isRead(definition, path) ? [] : [{ path: ['facts', name], message: `${path} is a fact but never read` }],
  )
  const rest = gate.filter((line) => 'otherwise' in line).length
  const last: Finding[] =
    rest === 1 ? [] : [{ path: ['gate', gate.length - 1], message: 'a gate has one line “otherwise: true”' }]
  return [...findings, ...unread, ...last]
}

function changeableFields({ propose }: MissionDefinition): ReadonlySet<string> {
  return new Set(
    propose.flatMap((template) => {
      if ('set' in template) return Object.keys(template.set)
      return template.kind === 'merge' ? [...template.fields, 'Amount', 'StageName'] : []
    }),
  )
}

function conditionFindings(when: string, changeable: ReadonlySet<string>, definition: MissionDefinition): string[] {
  const wrong = checkExpression(when)
  if (wrong.length > 0) return wrong
  const facts = new Set<string>([...BUILT_IN_FACTS, ...Object.keys(definition.facts)])
  const named = fieldsComparedWith(when)
  return [
    ...(named.length > 0 && !named.some((field) => changeable.has(field))
      ? [`can never match: this mission changes none of ${named.join(', ')}`]
      : []),
    ...membersOf('record', when)
      .filter((name) => !facts.has(name))
      .map((name) => `record.${name} is no fact: add “${name}: Object.Field” under facts`),
    ...unreadBuiltIns(when, definition),
    ...membersOf('lead', when)
      .filter((name) => !isRead(definition, `Lead.${name}`))
      .map((name) => `lead.${name} is never read`),
  ]
}

/** Fields that the facts of a merge, and those of an account, rest on. */
const RESTS_ON: Record<string, Record<string, readonly string[]>> = {
  record: { customer: ['Account.Type'] },
  merge: { movesAmount: ['Opportunity.Amount', 'Opportunity.IsClosed'], closedWon: ['Opportunity.IsWon'] },
}

function unreadBuiltIns(when: string, definition: MissionDefinition): string[] {
  return Object.entries(RESTS_ON).flatMap(([variable, facts]) =>
    membersOf(variable, when).flatMap((name) =>
      (facts[name] ?? [])
        .filter((path) => !isRead(definition, path))
        .map((path) => `${variable}.${name} rests on ${path}, which is never read`),
    ),
  )
}

function rosterFindings(line: GateLine, index: number): Finding[] {
  if ('block' in line) return []
  return line.asks.some(({ from }) => from === '')
    ? [{ path: ['gate', index, 'from'], message: 'say from which group or permission, e.g. from: group:RevOps' }]
    : []
}

function isRead({ read }: MissionDefinition, path: string): boolean {
  const [object, field = ''] = path.split('.')
  return read.some((step) => objectOf(step) === object && step.fields.includes(field))
}
