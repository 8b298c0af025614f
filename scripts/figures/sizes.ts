// Lines and tokens per file and per named function.
import ts from 'typescript'
import { tokensOf, type SourceFile } from './source-files.ts'

export interface Spread {
  median: number
  p95: number
  max: number
}

export interface Sizes {
  files: number
  lines: number
  fileLines: Spread
  fileTokens: Spread
  functions: number
  functionLines: Spread
  functionTokens: Spread
  filesOver300Lines: number
  functionsOver60Lines: number
}

export function sizesOf(files: SourceFile[]): Sizes {
  const fileLines = files.map(({ text }) => linesIn(text))
  const functions = files.flatMap(functionsOf)
  return {
    files: files.length,
    lines: fileLines.reduce((sum, each) => sum + each, 0),
    fileLines: spread(fileLines),
    fileTokens: spread(files.map(({ tokens }) => tokens.length)),
    functions: functions.length,
    functionLines: spread(functions.map(({ lines }) => lines)),
    functionTokens: spread(functions.map(({ tokens }) => tokens)),
    filesOver300Lines: fileLines.filter((lines) => lines > 300).length,
    functionsOver60Lines: functions.filter(({ lines }) => lines > 60).length,
  }
}

const linesIn = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** Functions with a name: declared, members of a class or an object, or the value of a constant or property. */
function functionsOf({ tree }: SourceFile): { lines: number; tokens: number }[] {
  const found: { lines: number; tokens: number }[] = []
  const visit = (node: ts.Node): void => {
    if (isNamedFunction(node)) {
      const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line
      const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line
      found.push({ lines: last - first + 1, tokens: tokensOf(node, tree).length })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function isNamedFunction(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node))
    return node.body !== undefined
  if (ts.isGetAccessor(node) || ts.isSetAccessor(node)) return node.body !== undefined
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return false
  const { parent } = node
  const isHolder =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)
  return isHolder && parent.initializer === node
}

function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 }
}
