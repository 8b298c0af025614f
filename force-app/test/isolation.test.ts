// Text of records that is written from right to left turns nothing around it: it has a block of its own, or is isolated.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { formatLabel, listNames } from 'c/missionWords'

const LWC = join(__dirname, '../main/default/lwc')
const BLOCKS = ['P', 'LI', 'H2', 'H3', 'H4', 'TD', 'DT', 'DD', 'OPTION', 'BUTTON', 'SUMMARY', 'CAPTION', 'TIME']
/** Classes of style sheets that give a span a box of its own. */
const BOXES = ['words', 'field', 'stored', 'note', 'why', 'mark', 'number', 'slds-assistive-text']
/** Words of the page itself. */
const OWN =
  /^(labels|shared)\.|\.word$|^(each|step|choice)\.|^(word|time|pillText|sentence|until|check.by|caution.by|heading.undo|option.risk|line.badge)$/

/** Bindings of a template that share a line with other text and are not isolated. */
function exposedIn(html: string): string[] {
  return below(new DOMParser().parseFromString(html, 'text/html').documentElement)
}

function below(root: Element | DocumentFragment): string[] {
  return [...root.childNodes].flatMap((node) => {
    if (node instanceof HTMLTemplateElement) return below(node.content)
    if (node instanceof Element) return below(node)
    return node instanceof Text ? exposedBindings(node) : []
  })
}

function exposedBindings(node: Text): string[] {
  const parent = node.parentElement
  if (parent?.tagName === 'BDI') return []
  const bindings = [...node.data.matchAll(/\{([\w.]+)\}/g)].map(([, name = '']) => name)
  const data = bindings.filter((name) => !OWN.test(name))
  const isAlone =
    bindings.length === 1 &&
    node.data.replace(/\{[\w.]+\}/g, '').trim() === '' &&
    parent !== null &&
    (BLOCKS.includes(parent.tagName) || BOXES.some((name) => parent.classList.contains(name))) &&
    [...parent.childNodes].every((each) => each === node || isNoText(each))
  return isAlone ? [] : data
}

const isNoText = (node: ChildNode) => node.textContent?.trim() === ''

test('a text of data shares no line with other text, unless it is isolated', () => {
  const templates = globSync('*/*.html', { cwd: LWC })
  expect(templates.length).toBeGreaterThan(10)
  const found = templates.flatMap((file) =>
    exposedIn(readFileSync(join(LWC, file), 'utf8')).map((name) => `${file}: ${name}`),
  )
  expect(found).toEqual([])
})

test('data beside other text is found', () => {
  expect(
    exposedIn('<template><p>{a.name}</p><p>{a.name} {b.name}</p><p><bdi>{c.d}</bdi> {labels.x}</p></template>'),
  ).toEqual(['a.name', 'b.name'])
  expect(exposedIn('<template><span>{a.name}</span><p>{labels.x} {a.why}</p></template>')).toEqual(['a.name', 'a.why'])
})

test('right-to-left text inside a label is isolated, any other stays as it is', () => {
  expect(formatLabel('{0}: {1}', 'أحمد', 'Acme')).toBe('\u2068أحمد\u2069: Acme')
  expect(listNames(['עברית', 'Acme'])).toBe('\u2068עברית\u2069 and Acme')
})
