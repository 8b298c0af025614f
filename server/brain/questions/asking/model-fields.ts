// The fields that a question lists for a language model: it is shown nothing that rests on another.
import { namedIn } from '../../expressions/expression.ts'
import { objectOfStep, type Asking, type QuestionFault, type QuestionKind } from './question.ts'

interface AskedModel {
  model?: { fields: readonly string[] } | undefined
}

export const modelFieldsOf = ({ model }: AskedModel): ReturnType<QuestionKind<unknown, unknown>['modelFields']> =>
  (model?.fields ?? []).map((field, index) => ({ path: ['model', 'fields', index], field }))

/** Listed fields that no step reads. */
export function unreadModelFields(asked: AskedModel, { steps }: Pick<Asking, 'steps'>): QuestionFault[] {
  const read = new Set(steps.flatMap((step) => step.fields.map((field) => `${objectOfStep(step)}.${field}`)))
  return modelFieldsOf(asked).flatMap(({ path, field }) =>
    read.has(field) ? [] : [{ path, message: `${field} is meant for a model but never read` }],
  )
}

/**
 * What an expression looks at besides the fields of records: names of `let`, answers, counts, histories. What these rest on is not
 * known here, so no model is shown a value of theirs.
 */
export function lookedAtBesidesFields(expression: string, { steps }: Pick<Asking, 'steps'>): string[] {
  return namedIn(expression).flatMap(({ variable, member }) => {
    const step = steps.find(({ name }) => name === variable)
    const isField = step !== undefined && !('history' in step) && member !== null
    return isField ? [] : [variable]
  })
}

/** Whether the expressions look at these fields alone, each written as the mission lists it: `Account.Owner.Name`. */
export function restOnlyOn(
  expressions: readonly string[],
  fields: readonly string[],
  asking: Pick<Asking, 'steps'>,
): boolean {
  return expressions.every((expression) => {
    if (lookedAtBesidesFields(expression, asking).length > 0) return false
    return namedIn(expression).every(({ variable, member }) => {
      const step = asking.steps.find(({ name }) => name === variable)
      return step !== undefined && fields.includes(`${objectOfStep(step)}.${member}`)
    })
  })
}
