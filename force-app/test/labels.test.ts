// Every word on the screen is a custom label: nothing stands in code, and no label is missing or idle.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { literalsInScript, literalsInTemplate, otherHandlers } from './literals'

interface CustomLabel {
  fullName: string
  categories: string
  language: string
  value: string
}
const { labels } = jest.requireActual<{ labels: CustomLabel[] }>('./label-values.cjs')

const LWC = join(__dirname, '../main/default/lwc')
const templates = globSync('*/*.html', { cwd: LWC })
const scripts = globSync('*/*.ts', { cwd: LWC })
const read = (file: string) => readFileSync(join(LWC, file), 'utf8')

/**
 * Literals that look like words and are none for people: values of the contract, keys of the keyboard, and classes of
 * style sheets.
 */
const FOR_MACHINES = [
  /^(Escape|Enter|Account|Lead|User|OwnerId|Bearer ⟨⟩|Accept|Authorization|Undo)$/,
  /^(nothing to do|not (asked then|reached|asked again)|asked otherwise then)$/,
  /^(option|line|step|row|slds-badge|layout split|cell after|row|box|dot)( [\w-]+)*( ⟨⟩)*$/,
  /^\.[a-z]+ [a-z]+$/,
]
const isForMachines = (text: string) => FOR_MACHINES.some((form) => form.test(text.trim()))

test('templates hold no words, neither as text nor in attributes that people read', () => {
  expect(templates.length).toBeGreaterThan(10)
  expect(templates.flatMap((file) => literalsInTemplate(read(file)).map((text) => `${file}: ${text}`))).toEqual([])
})

test('scripts hold no words for people', () => {
  expect(scripts.length).toBeGreaterThan(40)
  const found = scripts.flatMap((file) =>
    literalsInScript(join(LWC, file))
      .filter((text) => !isForMachines(text))
      .map((text) => `${file}: ${text}`),
  )
  expect(found).toEqual([])
})

test('words that are put back into code are found', () => {
  expect(literalsInTemplate('<template><p>Try {again} now</p></template>')).toEqual(['text: Try {again} now'])
  expect(literalsInTemplate('<template><b aria-label="Decisions" title={x}></b></template>')).toEqual([
    'aria-label: Decisions',
  ])
  const file = join(tmpdir(), 'words.ts')
  writeFileSync(
    file,
    "const a = 'One moment'\nconst b = `${1} new`\nconst c = 'Approved'\nthrow new TypeError('a bad leaf')",
  )
  expect(literalsInScript(file)).toEqual(['One moment', '⟨⟩ new', 'Approved'])
})

test('every handler in a template is called handleX', () => {
  expect(templates.flatMap((file) => otherHandlers(read(file)).map((text) => `${file}: ${text}`))).toEqual([])
  expect(otherHandlers('<b onclick={choose} onkeydown={handleKey}></b>')).toEqual(['onclick: choose'])
})

test('every label that a component imports is in the package, and every label of the package is imported', () => {
  const imported = scripts.flatMap((file) =>
    [...read(file).matchAll(/@salesforce\/label\/c\.(\w+)/g)].map(([, name]) => name),
  )
  expect([...new Set(imported)].sort()).toEqual(labels.map(({ fullName }) => fullName).sort())
})

test('every label that is imported is shown', () => {
  const idle = globSync('*/labels.ts', { cwd: LWC }).flatMap((file) => {
    const folder = file.split('/')[0] ?? ''
    const isShared = folder === 'missionWords'
    const users = [...scripts, ...templates]
      .filter((each) => basename(each) !== 'labels.ts' && (isShared || each.startsWith(`${folder}/`)))
      .map(read)
      .join('\n')
    const keys = [...read(file).matchAll(/^import (\w+) from/gm)].map(([, key = '']) => key)
    return keys
      .filter((key) => !new RegExp(`\\b(labels|shared|sharedLabels)\\.${key}\\b`).test(users))
      .map((key) => `${folder}: ${key}`)
  })
  expect(idle).toEqual([])
})

test('labels are as an org takes them: names, lengths, one language, a category each', () => {
  for (const { fullName, categories, language, value } of labels) {
    expect(fullName).toMatch(/^Missions_[A-Z]\w{0,70}$/)
    expect(fullName).not.toMatch(/__|_$/)
    expect([language, categories.length > 0]).toEqual(['en_US', true])
    expect(value.length).toBeLessThanOrEqual(1000)
  }
  expect(new Set(labels.map(({ fullName }) => fullName)).size).toBe(labels.length)
})
