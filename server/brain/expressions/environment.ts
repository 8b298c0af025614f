import { Environment } from '@marcbachmann/cel-js'
import { withBlanks } from './blanks.ts'
import { withDays } from './day.ts'
import { withDecimals } from './decimal.ts'
import { withFunctions, type Setting } from './functions.ts'

/** A variable of an expression: one record or answer with members by name, a list of such, or a plain value. */
export interface Variable {
  kind: 'one' | 'many' | 'value'
  /** Members it has, dotted for parents (`Owner.Name`); null where any name may stand. */
  members: readonly string[] | null
}
export type Variables = Readonly<Record<string, Variable>>

/** An expression grows no larger than this; with no macro inside another, its time is bounded by it and by the lists' length. */
const LIMITS = { maxAstNodes: 200, maxDepth: 30, maxListElements: 200, maxMapEntries: 0, maxCallArguments: 4 }

const ASIDE: Setting = { today: '1970-01-01' }

let setting: Setting = ASIDE

const BASE = withFunctions(
  withBlanks(withDays(withDecimals(new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })))),
  () => setting,
)

const TYPES: Record<Variable['kind'], string> = { one: 'map', many: 'list', value: 'dyn' }

/** The dialect of missions and decision tables, with these variables. */
export function environmentOf(variables: Variables): Environment {
  const environment = BASE.clone()
  for (const [name, { kind }] of Object.entries(variables)) {
    environment.registerVariable(name, TYPES[kind])
  }
  return environment
}

/** Evaluates synchronously with `today` as given. */
export function evaluateIn(
  environment: Environment,
  expression: string,
  values: Readonly<Record<string, unknown>>,
  given: Setting,
): unknown {
  setting = given
  try {
    return environment.evaluate(expression, values)
  } finally {
    setting = ASIDE
  }
}
