// Conditions of gate lines: CEL over the facts of a change, without anything whose time grows faster than its text.
import { Environment, parse, type ASTNode } from '@marcbachmann/cel-js'
import type { GateChange, GateFacts } from './facts.ts'

const ENVIRONMENT = new Environment({ limits: { maxAstNodes: 200, maxDepth: 30 } })
  .registerVariable('change', { schema: { object: 'string', field: 'string', kind: 'string' } })
  .registerVariable('record', 'map')
  .registerVariable('merge', {
    schema: { movesAmount: 'int', movesRecords: 'int', losers: 'int', closedWon: 'bool' },
  })
  .registerVariable('lead', 'map')

/** Functions whose time is bounded by their arguments: no macro walks a list, no pattern is matched. */
const FUNCTIONS = new Set(['startsWith', 'endsWith', 'contains', 'size', 'int', 'double', 'string', 'bool'])

/** Reasons why an expression cannot be a condition; empty when it can. */
export function checkExpression(expression: string): string[] {
  const checked = ENVIRONMENT.check(expression)
  if (!checked.valid) return [firstLine(checked.error?.message ?? 'not an expression')]
  if (checked.type !== 'bool' && checked.type !== 'dyn') return [`a gate is true or false, this is ${checked.type}`]
  const all = [...nodes(parse(expression).ast)]
  if (all.some(({ op }) => op === '[]')) return ['write a member with a dot, e.g. record.legalHold']
  const called = functionsCalled(all).filter((name) => !FUNCTIONS.has(name))
  if (called.length === 0) return []
  return [`${called.join(', ')} is not offered: a gate may call ${[...FUNCTIONS].join(', ')}`]
}

/**
 * Whether an expression holds for one change. What cannot be evaluated, e.g. a fact that could not be read, counts as a match:
 * gates fail closed.
 */
export function matches(expression: string, change: GateChange, facts: Omit<GateFacts, 'changes'>): boolean {
  try {
    const { merge, lead } = facts
    return ENVIRONMENT.evaluate(expression, { ...change, merge, ...(lead && { lead }) }) !== false
  } catch {
    return true
  }
}

/** Members of a variable that an expression names: `legalHold` of `record.legalHold`. */
export function membersOf(variable: string, expression: string): string[] {
  const named = [...nodes(parse(expression).ast)].flatMap((node) => {
    if (node.op !== '.') return []
    const [owner, member] = node.args
    return owner.op === 'id' && owner.args === variable ? [member] : []
  })
  return [...new Set(named)].sort()
}

/** Texts that a member of `change`, such as `field`, is compared with by `==` or `in`. */
export function comparedWith(member: 'field' | 'object' | 'kind', expression: string): string[] {
  return [...nodes(parse(expression).ast)].flatMap((node) => {
    if (node.op !== 'in' && node.op !== '==') return []
    const [left, right] = node.args
    const isField =
      left.op === '.' && left.args[1] === member && left.args[0].op === 'id' && left.args[0].args === 'change'
    return isField
      ? [...nodes(right)].flatMap(({ op, args }) => (op === 'value' && typeof args === 'string' ? [args] : []))
      : []
  })
}

function functionsCalled(all: readonly ASTNode[]): string[] {
  const named = all.flatMap((node) => (node.op === 'rcall' || node.op === 'call' ? [node.args[0]] : []))
  return [...new Set(named)]
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

const firstLine = (text: string): string => text.split('\n')[0] ?? text
