import type { GateLine } from '../../../contract/gate/lines.ts'
import { closestTo } from '../../domain/did-you-mean.ts'
import type { MissionDefinition } from '../../domain/mission.ts'
import { objectOf } from '../language/variables.ts'
import type { Finding } from './finding.ts'
import { BUILT_IN_FACTS, GATED_RECORD, RESTS_ON } from '../../../contract/gate/facts.ts'
import { checkExpression, comparedWith, membersOf } from '../../../contract/gate/expression.ts'

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
    isRead(definition, path) ? [] : [{ path: ['facts', name], message: unreadFact(path, definition) }],
  )
  const rest = gate.filter((line) => 'otherwise' in line).length
  const last: Finding[] =
    rest === 1
      ? []
      : [
          {
            path: ['gate', gate.length - 1],
            message: `a gate has one line “otherwise: true”, for changes that no other line matches, and this one has ${rest}`,
          },
        ]
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
  return [
    ...neverMatching(when, changeable, definition),
    ...membersOf('record', when)
      .filter((name) => !facts.has(name))
      .map((name) => `record.${name} is no fact${factHint(name, facts)}`),
    ...unreadBuiltIns(when, definition),
    ...membersOf(GATED_RECORD.variable, when)
      .filter((name) => !isRead(definition, `${GATED_RECORD.object}.${name}`))
      .map((name) => `lead.${name} is never read: add ${name} to the fields of the step that reads the lead`),
  ]
}

/** Comparisons with objects, fields and kinds that no proposal of the mission has. */
function neverMatching(when: string, changeable: ReadonlySet<string>, { propose, read }: MissionDefinition): string[] {
  const fields = comparedWith('field', when)
  const objects = comparedWith('object', when)
  const written = objectsWritten({ propose, read })
  return [
    ...(fields.length > 0 && !fields.some((field) => changeable.has(field))
      ? [`can never match: this mission changes none of ${fields.join(', ')}; it changes ${listed(changeable)}`]
      : []),
    ...(objects.length > 0 && !objects.some((object) => written.has(object))
      ? [`can never match: this mission changes no ${objects.join(', ')}; it changes ${listed(written)}`]
      : []),
  ]
}

const listed = (names: ReadonlySet<string>): string => [...names].sort().join(', ') || 'nothing'

/** Objects that proposals may change; a merge changes what it moves as well. */
function objectsWritten({ propose, read }: Pick<MissionDefinition, 'propose' | 'read'>): ReadonlySet<string> {
  const objectRead = (name: string) => read.filter((step) => step.name === name).map(objectOf)
  return new Set(
    propose.flatMap((template) => {
      if (template.kind === 'create') return [template.object]
      return template.kind === 'merge' ? read.map(objectOf) : objectRead(template.record)
    }),
  )
}

function factHint(name: string, facts: ReadonlySet<string>): string {
  const close = closestTo(name, facts)
  return close === null
    ? `: add “${name}: Object.Field” under facts, with a checkbox field that a step reads`
    : `: did you mean record.${close}?`
}

/** What a fact rests on and how it can be read. */
function unreadFact(path: string, { read }: MissionDefinition): string {
  const [object = '', field = ''] = path.split('.')
  const step = read.find((each) => objectOf(each) === object)
  if (!step) return `${path} is a fact but never read: no step reads ${object}, so this gate could never look at it`
  return `${path} is a fact but never read: add ${field} to the fields of “${step.name}”`
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
    ? [
        {
          path: ['gate', index, 'from'],
          message: 'this line does not say who must answer: write e.g. from: group:RevOps',
        },
      ]
    : []
}

function isRead({ read }: MissionDefinition, path: string): boolean {
  const [object, field = ''] = path.split('.')
  return read.some((step) => objectOf(step) === object && step.fields.includes(field))
}
