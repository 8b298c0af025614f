import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { figuresOf } from '../../scripts/figures/figures.ts'
import { figuresTable } from '../../scripts/figures/table.ts'

const root = mkdtempSync(join(tmpdir(), 'missions-figures-'))
afterAll(() => rmSync(root, { recursive: true }))

// 43 tokens that stand in two files, and 39, which are too few.
const LONG_RUN = `export const far = [${Array.from({ length: 19 }, (_, n) => n).join(', ')}]\n`
const SHORT_RUN = `x + `.repeat(19) + 'x\n'

const FILES: Record<string, string> = {
  'server/contract/change-set.ts':
    "import { z } from 'zod'\n" +
    ['update', 'create', 'merge']
      .map((kind) => `export const ${kind}Operation = z.strictObject({ kind: z.literal('${kind}') })\n`)
      .join(''),
  'server/brain/a/one.ts':
    "import type { Two } from '../b/two.ts'\nimport { three } from './three.ts'\nexport const one = (two: Two) => three(two)\n",
  'server/brain/a/three.ts': `export function three(of: unknown) {\n  return of\n}\n${SHORT_RUN}`,
  'server/brain/b/two.ts':
    "import { three } from '../a/three.ts'\nimport { one } from '../a/one.ts'\nexport type Two = string\nexport const two = () => [one, three]\nexport const unread = 1\n",
  'server/brain/b/decides.ts':
    "export const isMerge = (o: { kind: string }) => o.kind === 'merge'\n// not a kind of operation\nexport const other = (o: { name: string }) => o.name === 'merge'\n",
  'server/brain/b/names.ts': "export const other = (o: { name: string }) => o.name === 'merge'\n",
  'server/brain/b/table.ts': 'export const floors = { update: 0, create: 0, merge: 1 }\n',
  'server/practice-org/src/store.ts': LONG_RUN + SHORT_RUN,
  'server/practice-org/package.json':
    '{ "name": "practice-org", "exports": { "./*": { "types": "./x.d.ts", "default": "./src/*.ts" } } }',
  'server/practice-org/test/store.test.ts': "import { far } from '../src/store.ts'\nexpect(far)\n",
  'server/practice/start.ts': "import { far } from 'practice-org/store'\nconsole.log(far)\n",
  'scripts/copy.ts': LONG_RUN,
  'server/brain/types.d.ts': 'export const declared: number\n',
  'test/two.test.ts': "import { two } from '../server/brain/b/two.ts'\ntwo()\n",
}
for (let n = 0; n < 26; n += 1) FILES[`force-app/main/default/lwc/wide/part${n}.ts`] = '\n'
FILES['force-app/main/default/lwc/wide/wide.ts'] = "export const wide = 1\nexport { wide as same } from 'c/narrow'\n"
FILES['force-app/main/default/lwc/narrow/narrow.ts'] = "import { wide } from 'c/wide'\nexport { wide }\n"
for (const [path, text] of Object.entries(FILES)) {
  mkdirSync(join(root, dirname(path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('npm run figures', () => {
  const figures = figuresOf(root)
  const { brain, lwc, scripts, all } = figures as Record<string, NonNullable<(typeof figures)[string]>>

  it('counts product files per area: neither tests nor declarations', () => {
    expect(brain!.sizes).toMatchObject({ files: 6, lines: 17, functions: 6 })
    expect(figures['practice org']!.sizes.files).toBe(1)
    expect(all!.sizes.files).toBe(38)
  })

  it('measures a function and not the file around it', () => {
    expect(brain!.sizes.functionLines).toEqual({ median: 1, p95: 3, max: 3 })
    // (o: { kind: string }) => o.kind === 'merge'
    expect(brain!.sizes.functionTokens.max).toBe(15)
  })

  it('tells circles held by types from circles by value, for files and for folders', () => {
    expect(brain!.circles.files.value.groups).toBe(0)
    expect(brain!.circles.files.withTypes).toMatchObject({ groups: 1, members: 2 })
    expect(brain!.circles.files.withTypes.largest).toEqual(['server/brain/a/one.ts', 'server/brain/b/two.ts'])
    expect(brain!.circles.folders.value.groups).toBe(0)
    expect(brain!.circles.folders.withTypes.largest).toEqual(['server/brain/a', 'server/brain/b'])
  })

  it('follows the imports of components by name', () => {
    expect(lwc!.circles.files.value.members).toBe(2)
  })

  it('names the folders with more than 25 files', () => {
    expect(lwc!.crowded).toEqual({ 'force-app/main/default/lwc/wide': 27 })
    expect(brain!.crowded).toEqual({})
  })

  it('names the files that decide by operation kind, apart from tables and from names that only look alike', () => {
    expect(all!.kinds).toEqual({ deciding: ['server/brain/b/decides.ts'], tables: ['server/brain/b/table.ts'] })
  })

  it('names the exports without an importer, and those that only tests import', () => {
    expect(brain!.exports.unused).toContain('server/brain/b/two.ts unread')
    expect(brain!.exports.unused).not.toContain('server/brain/a/three.ts three')
    expect(brain!.exports.testsOnly).toEqual(['server/brain/b/two.ts two'])
    expect(figures['practice org']!.exports).toEqual({ total: 1, unused: [], testsOnly: [] })
  })

  it('finds runs of 40 tokens or more in a second place, and pass over shorter ones', () => {
    expect(scripts!.repeatedPercent).toBe(100)
    expect(brain!.repeatedPercent).toBe(0)
    expect(figures['practice org']!.repeatedPercent).toBeCloseTo((100 * 43) / 82)
  })

  it('prints a Markdown table with a column per area', () => {
    const [head, , first] = figuresTable(figures).split('\n')
    expect(head).toBe('|  | brain | contract | practice org | lwc | scripts | rest of server | all |')
    expect(first).toBe('| files / lines | 6 / 17 | 1 / 4 | 1 / 2 | 28 / 30 | 1 / 1 | 1 / 2 | 38 / 56 |')
  })

  it('refuses a path without product code', () => {
    expect(() => figuresOf(join(root, 'force-app', 'main'))).toThrow(/holds no product code/)
  })
})
