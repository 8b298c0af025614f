// The rules a schema cannot state: names that must exist, grants that must be needed, gates that must be able to match.
import type { MissionDefinition } from '../../domain/mission.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { kindOf } from '../../questions/registry.ts'
import { askingOf } from '../language/variables.ts'
import { assertFindings } from './assert.ts'
import { commitFindings } from './commit.ts'
import type { Finding, Knowledge } from './finding.ts'
import { gateFindings } from './gate.ts'
import { proposeFindings } from './propose.ts'
import { readFindings } from './read.ts'
import { variablesAt } from './variables-at.ts'

export type { Finding, Knowledge } from './finding.ts'

export function checkDefinition(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const before = [...nameFindings(definition), ...readFindings(definition)]
  // What builds on a wrong step would only repeat it.
  if (before.length > 0) return before
  const questions = questionFindings(definition, knowledge)
  if (questions.length > 0) return [...questions, ...gateFindings(definition)]
  return [
    ...letFindings(definition, knowledge),
    ...skipFindings(definition, knowledge),
    ...proposeFindings(definition, knowledge),
    ...assertFindings(definition),
    ...commitFindings(definition, knowledge),
    ...gateFindings(definition),
  ]
}

/** Names expressions have of their own. */
const RESERVED = new Set(['trigger', 'proposed', 'value', 'record', 'change', 'true', 'false', 'null', 'in'])

function nameFindings({ read, reason, let: lets }: MissionDefinition): Finding[] {
  const named = [
    ...read.map(({ name }) => ({ name, path: ['read', name] })),
    ...reason.map(({ name }) => ({ name, path: ['reason', name] })),
    ...Object.keys(lets).map((name) => ({ name, path: ['let', name] })),
  ]
  return named.flatMap(({ name, path }, index) => {
    if (RESERVED.has(name))
      return [{ path, message: `“${name}” has a meaning of its own in expressions; choose another name` }]
    const isTaken = named.findIndex((each) => each.name === name) < index
    return isTaken ? [{ path, message: `“${name}” is the name of something above` }] : []
  })
}

function questionFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const found: Finding[] = []
  for (const { question, asking } of askingOf(definition, knowledge)) {
    const kind = kindOf(question.kind)
    const path = ['reason', question.name]
    const missing = kind.documents(question.asked).filter((name) => !definition.knowledge.includes(name))
    found.push(
      ...missing.map((name) => ({ path, message: `“${name}” is not among this mission's knowledge` })),
      ...kind
        .check(question.asked, asking)
        .map((fault) => ({ path: [...path, ...fault.path], message: fault.message })),
    )
    // Answers that build on this one would only repeat its faults.
    if (found.length > 0) break
  }
  return found
}

function letFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  return Object.entries(definition.let).flatMap(([name, expression]) =>
    checkExpression(expression, variablesAt(definition, knowledge, { before: name }), 'value').map((message) => ({
      path: ['let', name],
      message,
    })),
  )
}

function skipFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const variables = variablesAt(definition, knowledge, { before: null })
  return definition.skip.flatMap(({ when }, index) =>
    checkExpression(when, variables, 'bool').map((message) => ({ path: ['skip', index, 'when'], message })),
  )
}
