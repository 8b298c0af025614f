import type { GateLine } from '../../contract/gate/lines.ts'
import type { MissionDefinition, ReadStep } from '../domain/mission.ts'
import { BUILT_IN_FACTS } from '../../contract/gate/facts.ts'
import { checkExpression, fieldsComparedWith, membersOf } from '../../contract/gate/expression.ts'

export interface Finding {
  path: readonly (string | number)[]
  message: string
}

/** The rules that a schema cannot state: names that must exist, grants that must be needed, gates that must be able to match. */
export function checkDefinition(definition: MissionDefinition): Finding[] {
  return [
    ...readFindings(definition),
    ...questionFindings(definition),
    ...modelFindings(definition),
    ...proposeFindings(definition),
    ...gateFindings(definition),
  ]
}

function readFindings({ read }: MissionDefinition): Finding[] {
  const named = (name: string) => read.find((step) => step.name === name)
  return read.flatMap((step): Finding[] => {
    const path = ['read', step.name]
    if ('match' in step && !(named(step.to) && 'id' in (named(step.to) ?? {}))) {
      return [{ path: [...path, 'to'], message: `“${step.to}” is not the record of a step with an id` }]
    }
    if ('of' in step && !('match' in (named(step.of) ?? {}))) {
      return [{ path: [...path, 'of'], message: `“${step.of}” is not a step that matches` }]
    }
    return []
  })
}

/** “Same entity” compares the record of a step with those that another step matches to it: without both it only ever ends with nothing to do. */
function questionFindings({ read, reason }: MissionDefinition): Finding[] {
  const path = ['reason', 'answer']
  const wants = (what: string): Finding[] => [{ path, message: `“${reason.answer}” needs a read step with ${what}` }]
  return [
    ...(read.some((step) => 'id' in step) ? [] : wants('“id”, the record to start from')),
    ...(read.some((step) => 'match' in step) ? [] : wants('“match”, the records it is compared with')),
  ]
}

function modelFindings({ read, reason }: MissionDefinition): Finding[] {
  const known = new Set(read.flatMap((step) => step.fields.map((field) => `${objectOf(step)}.${field}`)))
  return (reason.model?.fields ?? []).flatMap((field, index) =>
    known.has(field)
      ? []
      : [{ path: ['reason', 'model', 'fields', index], message: `${field} is meant for a model but never read` }],
  )
}

function proposeFindings({ read, propose, knowledge }: MissionDefinition): Finding[] {
  const findings: Finding[] = []
  const unread = (object: string, fields: readonly string[], path: (string | number)[]) => {
    const steps = read.filter((step) => objectOf(step) === object)
    const known = new Set(steps.flatMap((step) => [...step.fields, ...('lookup' in step ? [step.lookup] : [])]))
    fields.forEach((field, index) => {
      if (!known.has(field)) {
        findings.push({ path: [...path, index], message: `${object}.${field} is proposed but never read` })
      }
    })
  }
  for (const [object, fields] of Object.entries(propose.update)) unread(object, fields, ['propose', 'update', object])
  if (propose.merge) {
    unread(propose.merge.object, propose.merge.fields, ['propose', 'merge', 'fields'])
    if (!knowledge.includes(propose.merge.survivorship)) {
      const message = `“${propose.merge.survivorship}” is not among this mission's knowledge`
      findings.push({ path: ['propose', 'merge', 'survivorship'], message })
    }
  }
  propose.delete.forEach((object, index) => {
    if (!read.some((step) => objectOf(step) === object)) {
      findings.push({ path: ['propose', 'delete', index], message: `${object} may be deleted but is never read` })
    }
  })
  return findings
}

function gateFindings(definition: MissionDefinition): Finding[] {
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
  return new Set([
    ...Object.values(propose.update).flat(),
    ...Object.values(propose.create).flat(),
    ...(propose.merge?.fields ?? []),
    ...(propose.merge ? ['Amount', 'StageName'] : []),
  ])
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

export function objectOf(step: ReadStep): string {
  return 'match' in step ? step.match : step.object
}
