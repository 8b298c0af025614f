import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { statesDocument } from '../../scripts/states/states-document.ts'

const root = join(import.meta.dirname, '..', '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('docs/states.md', () => {
  it('is what the tables of the code say; node scripts/states.ts writes it', () => {
    expect(read('docs/states.md')).toBe(statesDocument())
  })
})

describe('docs/guarantees.md', () => {
  const text = read('docs/guarantees.md')

  it('has a section for each of the fifteen guarantees, in order', () => {
    const numbers = [...text.matchAll(/^## (\d+)\. /gm)].map((match) => Number(match[1]))
    expect(numbers).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
  })

  it('says for each what it rests on, what could break it, what tries it and what is not built', () => {
    for (const section of text.split(/^## \d+\. /m).slice(1)) {
      for (const part of ['Rests on', 'Could break', 'Tried by', 'Not built']) expect(section).toContain(`**${part}.**`)
    }
  })
})

describe('the guides', () => {
  it.each(['docs/setup.md', 'docs/guarantees.md', 'docs/missions.md'])('%s names only files that are there', (path) => {
    const named = [...read(path).matchAll(/`((?:test|server|scripts|docs|force-app)\/[\w./-]+)`/g)].map(
      (match) => match[1]!,
    )
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  it('tell of every setting that the brain reads', () => {
    const env = read('server/brain/config/env.ts')
    const settings = [...env.matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map((match) => match[1]!)
    const told = read('docs/setup.md')
    expect(settings.filter((name) => !told.includes(name))).toEqual([])
  })

  it('tell of every permission set that is deployed', () => {
    const names = globSync('force-app/main/default/permissionsets/*.xml', { cwd: root }).map(
      (file) => /<label>(.*)<\/label>/.exec(read(file))?.[1] ?? '',
    )
    expect(names.filter((name) => !read('docs/setup.md').includes(name))).toEqual([])
  })
})
