// What an expression names, found in its syntax tree: variables with their members, functions and macros.
import type { ASTNode } from '@marcbachmann/cel-js'
import { MACROS } from './functions.ts'

/** A variable an expression names, with the member it takes of it: `lead` and `Owner.Name`; null for the whole of it. */
export interface Named {
  variable: string
  member: string | null
}

interface Naming {
  named: Named[]
  /** Functions and methods called, macros included. */
  called: string[]
  /** Whether a macro stands inside another. */
  nests: boolean
  /** Whether a member is taken by brackets. */
  brackets: boolean
}

/** Functions whose second argument names a member of their first, a list. */
const BY_MEMBER = new Set(['sum', 'latest', 'earliest'])

export function namingOf(ast: ASTNode): Naming {
  const found: Naming = { named: [], called: [], nests: false, brackets: false }
  walk(ast, { found, bound: new Map(), isInMacro: false })
  return { ...found, named: once(found.named), called: [...new Set(found.called)].sort() }
}

interface Walk {
  found: Naming
  /** Names that a macro gives the members of a list, with that list's variable; null for a list that is no variable. */
  bound: ReadonlyMap<string, string | null>
  isInMacro: boolean
}

function walk(node: ASTNode, at: Walk): void {
  const { found, bound } = at
  if (node.op === '[]' || node.op === '[?]') found.brackets = true
  const path = pathOf(node)
  if (path) {
    const [first = '', ...rest] = path
    const variable = bound.has(first) ? bound.get(first) : first
    if (variable !== null && variable !== undefined)
      found.named.push({ variable, member: rest.length > 0 ? rest.join('.') : null })
    return
  }
  if (node.op === 'rcall') return walkMethod(node.args, at)
  if (node.op === 'call') return walkCall(node.args, at)
  for (const child of nodesIn(node.args)) walk(child, at)
}

function walkMethod([name, receiver, given]: [string, ASTNode, ASTNode[]], at: Walk): void {
  at.found.called.push(name)
  if (!MACROS.some((macro) => macro === name)) {
    for (const child of [receiver, ...given]) walk(child, at)
    return
  }
  if (at.isInMacro) at.found.nests = true
  walk(receiver, at)
  const [each, ...rest] = given
  const list = pathOf(receiver)
  const bound = new Map(at.bound)
  if (each?.op === 'id') bound.set(each.args, list?.length === 1 ? (list[0] ?? null) : null)
  for (const child of rest) walk(child, { ...at, bound, isInMacro: true })
}

function walkCall([name, given]: [string, ASTNode[]], at: Walk): void {
  at.found.called.push(name)
  const [list, member] = given
  const path = list && pathOf(list)
  if (BY_MEMBER.has(name) && path?.length === 1 && member?.op === 'value' && typeof member.args === 'string') {
    at.found.named.push({ variable: path[0] ?? '', member: member.args })
    return
  }
  for (const child of given) walk(child, at)
}

/** `['lead', 'Owner', 'Name']` of `lead.Owner.Name`; null for anything else. */
function pathOf(node: ASTNode): string[] | null {
  if (node.op === 'id') return [node.args]
  if (node.op !== '.') return null
  const [owner, member] = node.args
  const path = pathOf(owner)
  return path && [...path, member]
}

function nodesIn(value: unknown): ASTNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  return isNode(value) ? [value] : []
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function once(named: readonly Named[]): Named[] {
  return [...new Map(named.map((each) => [`${each.variable} ${each.member ?? ''}`, each])).values()]
}
