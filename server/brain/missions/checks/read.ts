import type { HistoryStep, MissionDefinition, ReadStep } from '../../domain/mission.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { stepVariables, TRIGGER } from '../language/variables.ts'
import { START } from '../language/start-step.ts'
import type { Finding } from './finding.ts'

export function readFindings({ read }: Pick<MissionDefinition, 'read'>): Finding[] {
  const starts = read.filter((step) => 'id' in step && step.id === START)
  const more = starts
    .slice(1)
    .map(({ name }) => ({ path: ['read', name, 'id'], message: 'another step has the record of the run already' }))
  return [...more, ...read.flatMap((step, index) => stepFindings(step, read.slice(0, index)))]
}

function stepFindings(step: ReadStep, before: readonly ReadStep[]): Finding[] {
  const path = ['read', step.name]
  const other = (name: string) => before.find((each) => each.name === name)
  if ('id' in step) {
    const variables = { trigger: TRIGGER, ...stepVariables(before.filter((each) => 'id' in each)) }
    return checkExpression(step.id, variables, 'value').map((message) => ({ path: [...path, 'id'], message }))
  }
  if ('history' in step) return historyFindings(step, other(step.history))
  if ('match' in step) {
    const to = other(step.to)
    return to && 'id' in to
      ? []
      : [{ path: [...path, 'to'], message: `“${step.to}” is not the record of a step with an id above` }]
  }
  const parent = other(step.of)
  return parent && !('of' in parent)
    ? []
    : [{ path: [...path, 'of'], message: `“${step.of}” is not a step above with an id, or one that matches` }]
}

function historyFindings(step: HistoryStep, about: ReadStep | undefined): Finding[] {
  const path = ['read', step.name]
  if (!about || !('id' in about))
    return [{ path: [...path, 'history'], message: `“${step.history}” is not a step above with one record` }]
  return step.fields.flatMap((field, index) =>
    about.fields.includes(field)
      ? []
      : [{ path: [...path, 'fields', index], message: `add ${field} to the fields of “${about.name}” as well` }],
  )
}
