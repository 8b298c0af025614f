// Which file imports which name of which file, by value or as a type.
import { dirname, posix } from 'node:path'
import ts from 'typescript'
import { ownPackages, targetIn } from './own-packages.ts'
import type { Checkout, SourceFile } from './source-files.ts'

export interface Import {
  from: string
  to: string
  /** Names imported; `*` when all of them may be used. */
  names: string[]
  typeOnly: boolean
}

/** Every import between files of the checkout, those of its tests too. */
export function importsOf(checkout: Checkout): Import[] {
  const files = [...checkout.product, ...checkout.tests]
  const resolve = resolver(
    checkout.root,
    files.map(({ path }) => path),
  )
  return files.flatMap((file) =>
    specifiersOf(file).flatMap(({ text, names, typeOnly }) => {
      const to = resolve(file.path, text)
      return to === null || to === file.path ? [] : [{ from: file.path, to, names, typeOnly }]
    }),
  )
}

type Specifier = Pick<Import, 'names' | 'typeOnly'> & { text: string }
type Resolve = (from: string, specifier: string) => string | null

function specifiersOf({ tree }: SourceFile): Specifier[] {
  const found: Specifier[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier) found.push(specifier)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

function specifierOf(node: ts.Node): Specifier | null {
  if (ts.isImportDeclaration(node)) return ofImport(node)
  if (ts.isExportDeclaration(node)) return ofReexport(node)
  return ofExpression(node)
}

function ofImport({ moduleSpecifier, importClause }: ts.ImportDeclaration): Specifier | null {
  if (!ts.isStringLiteral(moduleSpecifier)) return null
  const text = moduleSpecifier.text
  if (!importClause) return { text, names: [], typeOnly: false }
  const typeOnly = importClause.isTypeOnly
  const names: string[] = importClause.name ? ['default'] : []
  const { namedBindings } = importClause
  if (!namedBindings) return { text, names, typeOnly }
  if (ts.isNamespaceImport(namedBindings)) return { text, names: ['*'], typeOnly }
  const { elements } = namedBindings
  const allTypes = !importClause.name && elements.length > 0 && elements.every((each) => each.isTypeOnly)
  return { text, names: [...names, ...sourceNames(elements)], typeOnly: typeOnly || allTypes }
}

function ofReexport({ moduleSpecifier, exportClause, isTypeOnly }: ts.ExportDeclaration): Specifier | null {
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return null
  const text = moduleSpecifier.text
  if (!exportClause || !ts.isNamedExports(exportClause)) return { text, names: ['*'], typeOnly: isTypeOnly }
  const { elements } = exportClause
  const allTypes = elements.length > 0 && elements.every((each) => each.isTypeOnly)
  return { text, names: sourceNames(elements), typeOnly: isTypeOnly || allTypes }
}

const sourceNames = (elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): string[] =>
  elements.map((each) => (each.propertyName ?? each.name).text)

/** `import('…')` as a value or in a type. */
function ofExpression(node: ts.Node): Specifier | null {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments
    if (argument && ts.isStringLiteral(argument)) return { text: argument.text, names: ['*'], typeOnly: false }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
    return { text: node.argument.literal.text, names: ['*'], typeOnly: true }
  return null
}

/** Finds the file behind a relative path, a component `c/name`, or a package of this repository. */
function resolver(root: string, paths: string[]): Resolve {
  const known = new Set(paths)
  const components = new Map(
    paths.flatMap((path): [string, string][] => {
      const [, folder, file] = /\/lwc\/([^/]+)\/([^/]+)\.ts$/.exec(path) ?? []
      return folder && folder === file ? [[folder, path]] : []
    }),
  )
  const packages = ownPackages(root)
  const file = (path: string): string | null =>
    [path, `${path}.ts`, path.replace(/\.js$/, '.ts'), `${path}/index.ts`].find((each) => known.has(each)) ?? null
  return (from, specifier) => {
    if (specifier.startsWith('.')) return file(posix.join(dirname(from), specifier))
    if (specifier.startsWith('c/')) return components.get(specifier.slice(2)) ?? null
    const own = packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
    const target = own ? targetIn(own, specifier) : null
    return own && target !== null ? file(posix.join(own.folder, target)) : null
  }
}
