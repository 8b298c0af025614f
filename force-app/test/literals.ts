// Finds text for people that stands in code where a custom label belongs.
import { readFileSync } from 'node:fs'
import ts from 'typescript'

const WORD = /\p{L}{2,}/u
/** Letters beside a space, or beside a placeholder and a space. */
const SENTENCE = /\p{L}[\p{L}.,:…]* [\p{L}⟨]|⟩[^\p{L}⟨]* \p{L}{2,}/u
const ONE_WORD = /^\p{Lu}\p{Ll}+[.…]?$/u
const READ_ATTRIBUTES = ['title', 'label', 'placeholder', 'alternative-text', 'data-label', 'aria-description']

/** Literal words in a template's text and in the attributes that people read, a line each. */
export function literalsInTemplate(html: string): string[] {
  return below(new DOMParser().parseFromString(html, 'text/html').documentElement)
}

function below(root: Element | DocumentFragment): string[] {
  const found: string[] = []
  for (const node of root.childNodes) {
    if (node instanceof Text && WORD.test(withoutBindings(node.data))) found.push(`text: ${node.data.trim()}`)
    if (!(node instanceof Element)) continue
    found.push(...literalAttributes(node), ...below(node instanceof HTMLTemplateElement ? node.content : node))
  }
  return found
}

/** `aria-keyshortcuts`, ids and states of ARIA are values for machines. */
function literalAttributes(element: Element): string[] {
  return [...element.attributes]
    .filter(({ name }) => READ_ATTRIBUTES.includes(name) || name === 'aria-label' || name === 'aria-roledescription')
    .filter(({ value }) => WORD.test(withoutBindings(value)))
    .map(({ name, value }) => `${name}: ${value}`)
}

const withoutBindings = (text: string) => text.replace(/\{[^}]*\}/g, '')

/** Handlers of a template that are not called `handleX`. */
export function otherHandlers(html: string): string[] {
  return [...html.matchAll(/\s(on\w+)=\{(?!handle[A-Z])([^}]*)\}/g)].map(
    ([, event = '', name = '']) => `${event}: ${name}`,
  )
}

/** String and template literals with a space between letters: sentences for people, unless they are on a developer's error. */
export function literalsInScript(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (isForDevelopers(node)) return
    const text = textOf(node)
    if (SENTENCE.test(text) || ONE_WORD.test(text)) found.push(text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** The words of a literal; a placeholder is `⟨⟩`. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return ''
  return node.head.text + node.templateSpans.map(({ literal }) => `⟨⟩${literal.text}`).join('')
}

/** Names of modules and types, and messages of the language's own errors, which only developers read. */
function isForDevelopers(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true
  return ts.isNewExpression(node) && /^(Type|Range)Error$/.test(node.expression.getText())
}
