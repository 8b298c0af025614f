// Files that decide by the kind of an operation: a switch, a comparison, a list of kinds, or a look-up in a set of them.
import ts from 'typescript'
import type { SourceFile } from './source-files.ts'

/** The kinds that the contract declares: `kind: z.literal('…')`. Throws Error when it declares none: zero would read as a figure. */
export function kindsOf(files: SourceFile[]): Set<string> {
  const contract = files.filter(({ area }) => area === 'contract')
  const declared = contract.flatMap(({ text }) => [...text.matchAll(/\bkind: z\.literal\('(\w+)'\)/g)])
  if (declared.length === 0) throw new Error('No kinds of operation found in server/contract')
  return new Set(declared.map(([, kind]) => kind!))
}

export interface KindUse {
  /** Files that decide by kinds written out. */
  deciding: string[]
  /** Files with a table that has a key for three kinds or more, which the compiler can hold complete. */
  tables: string[]
}

export function kindUse(files: SourceFile[], kinds: Set<string>): KindUse {
  const pathsWith = (test: (node: ts.Node) => boolean): string[] =>
    files.filter(({ tree }) => some(tree, test)).map(({ path }) => path)
  return {
    deciding: pathsWith((node) => decides(node, kinds)),
    tables: pathsWith((node) => isTable(node, kinds)),
  }
}

function some(node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(node) || ts.forEachChild(node, (child) => some(child, test) || undefined) === true
}

const EQUALITY = new Set([ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken])

function decides(node: ts.Node, kinds: Set<string>): boolean {
  const isKind = (each: ts.Node): boolean => ts.isStringLiteralLike(each) && kinds.has(each.text)
  if (ts.isSwitchStatement(node)) {
    const labels = node.caseBlock.clauses.flatMap((clause) => (ts.isCaseClause(clause) ? [clause.expression] : []))
    return namesKind(node.expression) && labels.some(isKind)
  }
  if (ts.isBinaryExpression(node) && EQUALITY.has(node.operatorToken.kind))
    return (isKind(node.left) && namesKind(node.right)) || (isKind(node.right) && namesKind(node.left))
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return namesKind(node.expression.expression) && node.arguments.some(isKind)
  return ts.isArrayLiteralExpression(node) && node.elements.length > 1 && node.elements.every(isKind)
}

/** `operation.kind`, a variable `kind` or `kinds`, or the text of a leaf `…/kind`. */
const namesKind = (node: ts.Node): boolean => /\bkinds?\b/.test(node.getText())

function isTable(node: ts.Node, kinds: Set<string>): boolean {
  if (!ts.isObjectLiteralExpression(node)) return false
  const keys = node.properties.flatMap(({ name }) => (name && ts.isIdentifier(name) ? [name.text] : []))
  return keys.filter((key) => kinds.has(key)).length >= 3
}
