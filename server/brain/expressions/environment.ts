import type { Environment } from '@marcbachmann/cel-js'
import { commonEnvironment } from '../../contract/expressions/environment.ts'
import { withNormalForms } from './normal-forms.ts'

/** A variable of an expression: one record or answer with members by name, a list of such, or a plain value. */
export interface Variable {
  kind: 'one' | 'many' | 'value'
  /** Members it has, dotted for parents (`Owner.Name`); null where any name may stand. */
  members: readonly string[] | null
}
export type Variables = Readonly<Record<string, Variable>>

const BASE = withNormalForms(commonEnvironment())

const TYPES: Record<Variable['kind'], string> = { one: 'map', many: 'list', value: 'dyn' }

/** The dialect of missions and decision tables, with these variables. */
export function environmentOf(variables: Variables): Environment {
  const environment = BASE.clone()
  for (const [name, { kind }] of Object.entries(variables)) {
    environment.registerVariable(name, TYPES[kind])
  }
  return environment
}
