// The product code of a checkout, parsed: no tests, no declaration files.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'

export interface SourceFile {
  /** Path from the root of the checkout, with forward slashes. */
  path: string
  area: Area
  text: string
  tree: ts.SourceFile
  /** Text of each token, without comments and white space. */
  tokens: string[]
}

/** The first pattern that matches a path names its area; they hold with and without a folder `src` in the practice org. */
const AREAS = {
  brain: /^server\/brain\//,
  'salesforce-mcp': /^server\/salesforce-mcp\//,
  contract: /^server\/contract\//,
  'practice org': /^server\/practice-org\//,
  lwc: /^force-app\//,
  scripts: /^scripts\//,
  'rest of server': /^server\//,
} as const
type Area = keyof typeof AREAS
export const AREA_NAMES = Object.keys(AREAS) as Area[]

const ROOTS = ['server', 'scripts', 'force-app', 'test']
const SKIPPED = new Set(['node_modules', 'coverage', '.data', '.cache'])
const TEST = /(^|\/)(test|tests|__tests__|__mocks__)\/|\.test\.ts$/

export interface Checkout {
  root: string
  product: SourceFile[]
  /** Tests and their helpers: measured nowhere, but counted as importers. */
  tests: SourceFile[]
}

/** Reads and parses every TypeScript file of a checkout. Throws Error when none of them is product code. */
export function readCheckout(root: string): Checkout {
  const paths = ROOTS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => walk(join(root, folder)))
  const files = paths.map((path) => parse(root, path)).sort((a, b) => (a.path < b.path ? -1 : 1))
  const product = files.filter(({ path }) => !TEST.test(path))
  if (product.length === 0) throw new Error(`${root} holds no product code: give the path of a checkout`)
  return { root, product, tests: files.filter(({ path }) => TEST.test(path)) }
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(path)
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}

function parse(root: string, path: string): SourceFile {
  const text = readFileSync(path, 'utf8')
  const name = relative(root, path).replaceAll('\\', '/')
  const tree = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true)
  const area = AREA_NAMES.find((each) => AREAS[each].test(name)) ?? 'rest of server'
  return { path: name, area, text, tree, tokens: tokensOf(tree, tree) }
}

/** Text of each token of a node, in order. */
export function tokensOf(node: ts.Node, tree: ts.SourceFile): string[] {
  const tokens: string[] = []
  const visit = (each: ts.Node): void => {
    if (ts.isJSDoc(each)) return
    const parts = each.getChildren(tree)
    if (parts.length > 0) parts.forEach(visit)
    else if (each.kind < ts.SyntaxKind.FirstNode && each.kind !== ts.SyntaxKind.EndOfFileToken)
      tokens.push(each.getText(tree))
  }
  visit(node)
  return tokens
}
