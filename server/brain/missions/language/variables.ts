// What a mission's expressions may name: the trigger, its read steps, the answers to its questions, and its own `let`.
import type { AskedQuestion, MissionDefinition, ReadStep } from '../../domain/mission.ts'
import type { Variable, Variables } from '../../expressions/environment.ts'
import type { KnowledgeDocument } from '../../knowledge/document.ts'
import type { Asking } from '../../questions/asking/question.ts'
import { kindOf } from '../../questions/registry.ts'
import { knownLets } from './known-lets.ts'

export { objectOfStep as objectOf } from '../../questions/asking/question.ts'

/** Members of the trigger, as expressions take them. */
export const TRIGGER: Variable = { kind: 'one', members: ['recordId', 'change', 'at', 'launcher'] }

/** Members of a change that the org's field history tells. */
const CHANGE_MEMBERS = ['field', 'from', 'to', 'by', 'at']

function variableOf(step: ReadStep): Variable {
  if ('history' in step) return { kind: 'many', members: CHANGE_MEMBERS }
  return { kind: 'id' in step ? 'one' : 'many', members: ['Id', ...step.fields] }
}

/** Trigger and steps. */
export function stepVariables(steps: readonly ReadStep[]): Variables {
  return Object.fromEntries([['trigger', TRIGGER], ...steps.map((step) => [step.name, variableOf(step)] as const)])
}

/** What each question may build on: the steps, the answers before it, and what `let` makes of them. */
export function askingOf(
  { read, reason, let: lets }: Pick<MissionDefinition, 'read' | 'reason' | 'let'>,
  document: (name: string) => KnowledgeDocument | null,
): { question: AskedQuestion; asking: Asking }[] {
  let variables = stepVariables(read)
  return reason.map((question) => {
    variables = { ...variables, ...valuesNamed(knownLets(lets, variables)) }
    const asking: Asking = { steps: read, document, variables }
    variables = { ...variables, [question.name]: answerVariable(question, asking) }
    return { question, asking }
  })
}

export function answerVariable({ kind, asked }: AskedQuestion, asking: Asking): Variable {
  return { kind: 'one', members: kindOf(kind).members(asked, asking) }
}

/** Everything a template may name, `let` and the templates before it included. */
export function allVariables(
  definition: Pick<MissionDefinition, 'read' | 'reason' | 'let' | 'propose'>,
  document: (name: string) => KnowledgeDocument | null,
): Variables {
  const last = askingOf(definition, document).at(-1)
  const answered = last
    ? { ...last.asking.variables, [last.question.name]: answerVariable(last.question, last.asking) }
    : stepVariables(definition.read)
  const proposed = definition.propose.flatMap(({ as }) => (as === null ? [] : [as]))
  return { ...answered, ...valuesNamed(Object.entries(definition.let)), proposed: { kind: 'one', members: proposed } }
}

function valuesNamed(lets: readonly [string, string][]): Variables {
  return Object.fromEntries(lets.map(([name]) => [name, { kind: 'value', members: null } satisfies Variable]))
}
