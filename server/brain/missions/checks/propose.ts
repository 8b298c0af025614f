import type { MissionDefinition, Template } from '../../domain/mission.ts'
import { checkExpression } from '../../expressions/expression.ts'
import { objectOf } from '../language/variables.ts'
import type { Finding, Knowledge } from './finding.ts'
import { variablesAt } from './variables-at.ts'

export function proposeFindings(definition: MissionDefinition, knowledge: Knowledge): Finding[] {
  return definition.propose.flatMap((template, index) => {
    const path = ['propose', index, template.kind]
    const variables = variablesAt(definition, knowledge, { before: null, proposed: index })
    const expression = (at: string[], text: string | null, wants: 'bool' | 'value') =>
      text === null
        ? []
        : checkExpression(text, variables, wants).map((message) => ({ path: [...path, ...at], message }))
    return [
      ...expression(['when'], template.when, 'bool'),
      ...('set' in template
        ? Object.entries(template.set).flatMap(([field, text]) => expression(['set', field], text, 'value'))
        : []),
      ...targetFindings(template, definition).map((found) => ({ ...found, path: [...path, ...found.path] })),
      ...(template.kind === 'convert'
        ? [
            ...expression(['into'], template.into, 'value'),
            ...expression(['contact'], template.contact, 'value'),
            ...expression(['owner'], template.owner, 'value'),
          ]
        : []),
    ]
  })
}

function targetFindings(template: Template, { read, reason }: MissionDefinition): Finding[] {
  if (template.kind === 'create') return []
  if (template.kind === 'update' || template.kind === 'convert') {
    const step = read.find(({ name }) => name === template.record)
    if (!step || !('id' in step))
      return [{ path: ['record'], message: `“${template.record}” is not a step with one record` }]
    const set = template.kind === 'update' ? Object.keys(template.set) : []
    return set
      .filter((field) => !step.fields.includes(field))
      .map((field) => ({
        path: ['set', field],
        message: `${step.object}.${field} is proposed but never read: add ${field} to the fields of “${step.name}”`,
      }))
  }
  const question = reason.find(({ name }) => name === template.of)
  if (question?.kind !== 'same-entity')
    return [{ path: ['of'], message: `“${template.of}” is not a question of the kind same-entity` }]
  const step = read.find(({ name }) => name === (question.asked as { of: string }).of)
  const fields = new Set(step?.fields)
  const unread = template.fields.flatMap((field, index) =>
    fields.has(field) || !step
      ? []
      : [{ path: ['fields', index], message: `${objectOf(step)}.${field} is proposed but never read` }],
  )
  const removed = template.remove.flatMap((object, index) =>
    read.some((each) => objectOf(each) === object)
      ? []
      : [{ path: ['remove', index], message: `${object} may be deleted but is never read` }],
  )
  const back = template.putBack.flatMap((name, index) =>
    read.some((each) => each.name === name && 'of' in each)
      ? []
      : [{ path: ['putBack', index], message: `“${name}” is not a step with children` }],
  )
  return [...unread, ...removed, ...back]
}
