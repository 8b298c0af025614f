import { evaluate } from '../../expressions/expression.ts'
import type { Variables } from '../../expressions/environment.ts'
import type { Setting } from '../../../contract/expressions/functions.ts'
import { toOrg } from '../../../contract/expressions/org-values.ts'
import type { FieldValue } from '../../../contract/values/field-value.ts'
import { fits } from './cell.ts'
import type { DecisionTable, OutputType, Rule } from './decision-table.ts'

/** Which row applies and what it gives. */
export type TableAnswer =
  | { row: number; outputs: Record<string, FieldValue> }
  | { row: null; why: 'no row applies' }
  /** Rows of a unique table that apply together: its author has to say which counts. */
  | { row: null; why: 'several rows apply'; rows: number[] }

/** What an expression in an output cell may use. */
interface OutputContext {
  variables: Variables
  values: Readonly<Record<string, unknown>>
}

/**
 * Evaluates a table over the values of its input columns, in their order. Throws NoValue when an expression of a cell cannot be
 * computed.
 */
export function decide(
  table: DecisionTable,
  inputs: readonly unknown[],
  setting: Setting,
  context: OutputContext = { variables: {}, values: {} },
): TableAnswer {
  const applying: Rule[] = []
  for (const rule of table.rules) {
    if (!rule.cells.every((cell, index) => fits(cell, inputs[index] ?? null, setting))) continue
    applying.push(rule)
    if (table.hit === 'first') break
  }
  const [rule, ...more] = applying
  if (!rule) return { row: null, why: 'no row applies' }
  if (more.length > 0) return { row: null, why: 'several rows apply', rows: applying.map(({ row }) => row) }
  const outputs = table.outputs.map(({ name, type }, index): [string, FieldValue] => {
    const text = rule.outputs[index] ?? null
    return [name, text === null ? null : outputOf(text, type, setting, context)]
  })
  return { row: rule.row, outputs: Object.fromEntries(outputs) }
}

function outputOf(text: string, type: OutputType, setting: Setting, { variables, values }: OutputContext): FieldValue {
  if (text.startsWith('`')) return toOrg(evaluate(text.slice(1, -1), variables, values, setting))
  if (type === 'checkbox') return /^(true|yes)$/i.test(text)
  return text
}
