// The rules a schema cannot state: names that must exist, grants that must be needed, gates that must be able to match.
import type { MissionDefinition } from '../../domain/mission.ts'
import { checkExpression, namedIn } from '../../expressions/expression.ts'
import { noDocument } from '../../questions/asking/table-faults.ts'
import { kindOf } from '../../questions/registry.ts'
import { askingOf } from '../language/variables.ts'
import { assertFindings } from './assert.ts'
import { commitFindings } from './commit.ts'
import type { Finding, Knowledge } from './finding.ts'
import { gateFindings } from './gate.ts'
import { proposeFindings } from './propose.ts'
import { readFindings } from './read.ts'
import { triggerFindings } from './trigger.ts'
import { unusedFindings } from './unused.ts'
import { variablesAt } from './variables-at.ts'

export type { Finding, Knowledge } from './finding.ts'

export function checkDefinition(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const before = [
    ...nameFindings(definition),
    ...readFindings(definition),
    ...triggerFindings(definition),
    ...documentFindings(definition, knowledge),
  ]
  // What builds on a wrong step would only repeat it.
  if (before.length > 0) return before
  const questions = questionFindings(definition, knowledge)
  if (questions.length > 0) return [...questions, ...gateFindings(definition)]
  const found = [
    ...letFindings(definition, knowledge),
    ...skipFindings(definition, knowledge),
    ...proposeFindings(definition, knowledge),
    ...assertFindings(definition),
    ...commitFindings(definition, knowledge),
    ...gateFindings(definition),
  ]
  // What a wrong expression was meant to name is not known.
  return found.length > 0 ? found : unusedFindings(definition, knowledge)
}

function documentFindings({ knowledge: names }: MissionDefinition, knowledge: Knowledge): Finding[] {
  return names.flatMap((name, index) =>
    knowledge(name) ? [] : noDocument(name, '').map(({ message }) => ({ path: ['knowledge', index], message })),
  )
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
      ...missing.map((name) => ({
        path,
        message: `“${name}” is not among this mission's knowledge: add it to the list “knowledge”`,
      })),
      ...kind.check(question.asked, asking).map((fault) => ({ ...fault, path: [...path, ...fault.path] })),
    )
    // Answers that build on this one would only repeat its faults.
    if (found.length > 0) break
  }
  return found
}

function letFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  return Object.entries(definition.let).flatMap(([name, expression]) => {
    const path = ['let', name]
    const later = laterNames(name, definition.let)
    if (later.length > 0) return later.map((message) => ({ path, message }))
    const variables = variablesAt(definition, knowledge, { before: name })
    return checkExpression(expression, variables, 'value').map((message) => ({ path, message }))
  })
}

/** Names of `let` that an expression uses before they are there. */
function laterNames(name: string, lets: MissionDefinition['let']): string[] {
  const names = Object.keys(lets)
  const used = namesOf(lets[name], lets).filter((each) => names.indexOf(each) >= names.indexOf(name))
  return used.map((each) => {
    const circle = wayBack(each, name, lets)
    return circle
      ? `“${name}” needs itself: ${[name, ...circle].join(' → ')}. Break the circle by writing one of them without the others`
      : `“${each}” is named before it is defined: move it above “${name}”`
  })
}

const namesOf = (expression: string | undefined, lets: MissionDefinition['let']): string[] =>
  namedIn(expression ?? '').flatMap(({ variable }) => (variable in lets ? [variable] : []))

/** The names from one to another, both included; null when there is no way. */
function wayBack(
  from: string,
  to: string,
  lets: MissionDefinition['let'],
  seen: readonly string[] = [],
): string[] | null {
  if (from === to) return [to]
  if (seen.includes(from)) return null
  for (const next of namesOf(lets[from], lets)) {
    const way = wayBack(next, to, lets, [...seen, from])
    if (way) return [from, ...way]
  }
  return null
}

function skipFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  const variables = variablesAt(definition, knowledge, { before: null })
  return definition.skip.flatMap(({ when }, index) =>
    checkExpression(when, variables, 'bool').map((message) => ({ path: ['skip', index, 'when'], message })),
  )
}
