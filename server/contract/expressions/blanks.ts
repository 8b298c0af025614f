import type { Environment } from '@marcbachmann/cel-js'

const TYPES = ['Decimal', 'int', 'double', 'string', 'Day', 'Instant'] as const
const SIGNS = ['<', '<=', '>', '>='] as const

/** Registers what a blank field does: no comparison with it holds, and joined to a text it adds nothing. */
export function withBlanks(environment: Environment): Environment {
  const no = () => false
  for (const sign of SIGNS) {
    for (const type of TYPES) {
      environment.registerOperator(`null ${sign} ${type}`, no)
      environment.registerOperator(`${type} ${sign} null`, no)
    }
    environment.registerOperator(`null ${sign} null`, no)
  }
  environment.registerOperator('string + null', (text: string) => text)
  environment.registerOperator('null + string', (_: null, text: string) => text)
  return environment
}
