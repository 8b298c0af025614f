// What expressions look at, as fields of records.
import type { RecordKey } from '../../../contract/values/ids.ts'
import { namedIn } from '../../expressions/expression.ts'
import { objectOfStep, type Asking, type Given, type Ground } from './question.ts'

/** The object's own field that a member is reached through: `OwnerId` for `Owner.Name`, `Region__c` for `Region__r.Name`. */
function ownField(member: string): string {
  const [first = '', ...rest] = member.split('.')
  if (rest.length === 0) return member
  return first.endsWith('__r') ? first.replace(/__r$/, '__c') : `${first}Id`
}

/** `Object.Field` of every member of a step that the expressions name, in order. */
export function fieldsNamedBy(expressions: readonly string[], { steps }: Pick<Asking, 'steps'>): string[] {
  const fields = expressions.flatMap(namedIn).flatMap(({ variable, member }) => {
    const step = steps.find(({ name }) => name === variable)
    return step && member !== null && !('history' in step) ? [`${objectOfStep(step)}.${ownField(member)}`] : []
  })
  return [...new Set(fields)].sort()
}

/** Fields of the steps with one record that the expressions look at. */
export function groundsNamedBy(
  expressions: readonly string[],
  { steps, evidence }: Pick<Given, 'steps' | 'evidence'>,
): Ground[] {
  const named = expressions.flatMap(namedIn)
  return steps.flatMap((step): Ground[] => {
    const record = 'id' in step ? evidence.records[step.name]?.[0] : undefined
    const fields = named.flatMap(({ variable, member }) => (variable === step.name && member !== null ? [member] : []))
    return record ? [{ record, fields }] : []
  })
}

/** Records of the steps that the expressions name, each once; of a step with several, the first. */
export function recordsNamedBy(
  expressions: readonly string[],
  { steps, evidence }: Given,
  atMost: number,
): RecordKey[] {
  const variables = new Set(expressions.flatMap(namedIn).map(({ variable }) => variable))
  const read = steps
    .filter(({ name }) => variables.has(name))
    .flatMap((step) => evidence.records['history' in step ? step.history : 'of' in step ? step.of : step.name] ?? [])
  return [...new Map(read.map(({ object, id }) => [id, { object, id }])).values()].slice(0, atMost)
}
