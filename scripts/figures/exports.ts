// Exports that no other file imports.
import ts from 'typescript'
import type { Import } from './imports.ts'
import type { SourceFile } from './source-files.ts'

export interface Exports {
  total: number
  /** `path name` of each that no file imports. */
  unused: string[]
  /** `path name` of each that only tests import. */
  testsOnly: string[]
}

export function exportsOf(files: SourceFile[], imports: Import[], isProduct: (path: string) => boolean): Exports {
  const importedAnywhere = importedNames(imports)
  const importedByProduct = importedNames(imports.filter(({ from }) => isProduct(from)))
  const names = files.flatMap((file) => exportedNames(file).map((name) => [file.path, name] as const))
  const lacks = (used: Set<string>, path: string, name: string): boolean =>
    !used.has(`${path} ${name}`) && !used.has(`${path} *`)
  const unused = names.filter(([path, name]) => lacks(importedAnywhere, path, name))
  const notByProduct = names.filter(([path, name]) => lacks(importedByProduct, path, name))
  return {
    total: names.length,
    unused: unused.map((each) => each.join(' ')),
    testsOnly: notByProduct.filter((each) => !unused.includes(each)).map((each) => each.join(' ')),
  }
}

const importedNames = (imports: Import[]): Set<string> =>
  new Set(imports.flatMap(({ to, names }) => names.map((name) => `${to} ${name}`)))

/** Names a file exports: a value and a type of one name count once, a default export not at all. */
function exportedNames({ tree }: SourceFile): string[] {
  const names = new Set<string>()
  for (const statement of tree.statements) for (const name of namesExportedBy(statement)) names.add(name)
  return [...names]
}

function namesExportedBy(statement: ts.Statement): string[] {
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause
    return clause && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : []
  }
  return isExported(statement) ? declaredNames(statement) : []
}

function isExported(statement: ts.Statement): boolean {
  const kinds = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []).map(({ kind }) => kind) : []
  return kinds.includes(ts.SyntaxKind.ExportKeyword) && !kinds.includes(ts.SyntaxKind.DefaultKeyword)
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name))
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  return isNamed && statement.name ? [statement.name.text] : []
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : boundNames(each.name)))
}
