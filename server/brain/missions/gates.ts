// Gates: who must answer a change set. Lines are tried in order; the first that matches any change of it applies.
import { Environment, parse, type ASTNode } from '@marcbachmann/cel-js'
import type { GateRequirement } from '../../contract/change-set.ts'
import type { FieldValue } from '../../contract/values/field-value.ts'
import { InvalidInput } from '../domain/errors.ts'
import type { GateLine } from '../domain/mission.ts'

/** What gate expressions may look at. Amounts are whole units of the corporate currency, rounded down. */
export interface GateFacts {
  merge: { movesAmount: bigint; movesRecords: bigint; losers: bigint; closedWon: boolean }
  lead: Record<string, FieldValue>
  /** One entry per changed field; an operation without fields has one with an empty field. */
  changes: GateChange[]
}

export interface GateChange {
  change: { object: string; field: string; kind: string }
  record: { legalHold: boolean; customer: boolean; personAccount: boolean }
}

export type GateAnswer = { block: string; line: number } | { require: GateRequirement }

const ENVIRONMENT = new Environment({ limits: { maxAstNodes: 200, maxDepth: 30 } })
  .registerVariable('change', { schema: { object: 'string', field: 'string', kind: 'string' } })
  .registerVariable('record', { schema: { legalHold: 'bool', customer: 'bool', personAccount: 'bool' } })
  .registerVariable('merge', {
    schema: { movesAmount: 'int', movesRecords: 'int', losers: 'int', closedWon: 'bool' },
  })
  .registerVariable('lead', 'map')

/** Reasons why an expression cannot be a gate; empty when it can. `changeable` are the fields a mission may change. */
export function checkGate(expression: string, changeable: ReadonlySet<string>): string[] {
  const checked = ENVIRONMENT.check(expression)
  if (!checked.valid) return [firstLine(checked.error?.message ?? 'not an expression')]
  if (checked.type !== 'bool' && checked.type !== 'dyn') return [`a gate is true or false, this is ${checked.type}`]
  const { ast } = parse(expression)
  if (callsMatches(ast)) return ['matches() is not offered: its time does not grow evenly with the text']
  const named = fieldsComparedWith(ast)
  if (named.length > 0 && !named.some((field) => changeable.has(field))) {
    return [`can never match: this mission changes none of ${named.join(', ')}`]
  }
  return []
}

/** The first line that matches. The last line of a checked definition is `otherwise`, so there is one. */
export function gateFor(lines: readonly GateLine[], facts: GateFacts): GateAnswer {
  for (const [index, line] of lines.entries()) {
    if ('otherwise' in line) return { require: { line: index, needs: line.needs, from: line.from } }
    if (!facts.changes.some((change) => matches(line.when, change, facts))) continue
    return 'block' in line
      ? { block: line.block, line: index }
      : { require: { line: index, needs: line.needs, from: line.from } }
  }
  throw new InvalidInput('no gate line matches and there is no “otherwise”')
}

/** Whether an expression holds for one change. What cannot be evaluated, e.g. a field that was not read, counts as a match: gates fail closed. */
export function matches(expression: string, change: GateChange, facts: Omit<GateFacts, 'changes'>): boolean {
  try {
    return ENVIRONMENT.evaluate(expression, { ...change, merge: facts.merge, lead: facts.lead }) === true
  } catch {
    return true
  }
}

/** Whether a policy's condition on the lead holds; what cannot be evaluated does not. */
export function holds(expression: string, facts: { lead: Record<string, FieldValue> }): boolean {
  try {
    return ENVIRONMENT.evaluate(expression, facts) === true
  } catch {
    return false
  }
}

function* nodes(value: unknown): Generator<ASTNode> {
  if (Array.isArray(value)) {
    for (const each of value) yield* nodes(each)
  } else if (isNode(value)) {
    yield value
    yield* nodes(value.args)
  }
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function callsMatches(ast: ASTNode): boolean {
  return [...nodes(ast)].some((node) => (node.op === 'rcall' || node.op === 'call') && node.args[0] === 'matches')
}

/** Field names that `change.field` is compared with by `==` or `in`. */
function fieldsComparedWith(ast: ASTNode): string[] {
  return [...nodes(ast)].flatMap((node) => {
    if (node.op !== 'in' && node.op !== '==') return []
    const [left, right] = node.args
    const isField =
      left.op === '.' && left.args[1] === 'field' && left.args[0].op === 'id' && left.args[0].args === 'change'
    return isField
      ? [...nodes(right)].flatMap(({ op, args }) => (op === 'value' && typeof args === 'string' ? [args] : []))
      : []
  })
}

const firstLine = (text: string) => text.split('\n')[0] ?? text
