import { Environment } from '@marcbachmann/cel-js'
import { withBlanks } from './blanks.ts'
import { withDays } from './day.ts'
import { withDecimals } from './decimal.ts'
import { withFunctions, type Setting } from './functions.ts'

/** An expression grows no larger than this; with no macro inside another, its time is bounded by it and by the lists' length. */
const LIMITS = { maxAstNodes: 200, maxDepth: 30, maxListElements: 200, maxMapEntries: 0, maxCallArguments: 4 }

const ASIDE: Setting = { today: '1970-01-01' }

let setting: Setting = ASIDE

const BASE = withFunctions(
  withBlanks(withDays(withDecimals(new Environment({ limits: LIMITS, homogeneousAggregateLiterals: false })))),
  () => setting,
)

/** The dialect that every house evaluates alike, without variables. */
export const commonEnvironment = (): Environment => BASE.clone()

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
