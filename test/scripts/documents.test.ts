import { execFileSync } from 'node:child_process'
import { SETTINGS } from '../../server/settings/setting-table.ts'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
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

describe('docs/decisions', () => {
  const files = globSync('docs/decisions/[0-9]*.md', { cwd: root }).sort()
  const numberOf = (file: string): string => basename(file).slice(0, 3)

  it('are numbered without gaps', () => {
    expect(files.map(numberOf)).toEqual(files.map((_, index) => String(index + 1).padStart(3, '0')))
  })

  it.each(files)('%s has title, date, status and its three sections', (file) => {
    const [title, , date, status] = read(file).split('\n')
    expect(title).toMatch(new RegExp(`^# ${numberOf(file)}\\. \\S`))
    expect(date).toMatch(/^- Date: \d{4}-\d\d-\d\d$/)
    expect(status).toMatch(/^- Status: (?:accepted|superseded by \d{3})$/)
    const sections = [...read(file).matchAll(/^## (.*)$/gm)].map((match) => match[1])
    expect(sections).toEqual(['Context', 'Decision', 'Consequences'])
  })

  it('are all listed in the index, with title, date and status', () => {
    const rows = [...read('docs/decisions/README.md').matchAll(/^\| (\d{3}) \|(.*)\|$/gm)].map(
      ([, number, cells = '']) => [number, ...cells.split('|').map((cell) => cell.trim())].join(' | '),
    )
    const wanted = files.map((file) => {
      const [title = '', , date = '', status = ''] = read(file).split('\n')
      const [heading, day, state] = [
        title.slice('# NNN. '.length),
        date.slice('- Date: '.length),
        status.slice('- Status: '.length),
      ]
      return `${numberOf(file)} | [${heading}](${basename(file)}) | ${day} | ${state}`
    })
    expect(rows).toEqual(wanted)
  })
})

describe('docs/glossary.md', () => {
  const entries = read('docs/glossary.md')
    .split('\n')
    .filter((line) => line.startsWith('- '))
  const termOf = (entry: string): string => /^- \*\*(.+?)\*\*: /.exec(entry)?.[1] ?? ''

  it('explains its words in alphabetical order, each once', () => {
    const terms = entries.map(termOf)
    expect(terms.length).toBeGreaterThan(40)
    expect(terms).not.toContain('')
    expect(terms).toEqual([...new Set(terms)].sort((a, b) => (a < b ? -1 : 1)))
  })

  it('names for each word a file that is there', () => {
    const homeOf = (entry: string): string => / `([^`]+)`$/.exec(entry)?.[1] ?? ''
    const homeless = entries.filter((entry) => homeOf(entry) === '' || !existsSync(join(root, homeOf(entry))))
    expect(homeless).toEqual([])
  })

  it.each(
    (
      'anchor,change set,decision,digest,drift,fence,gate,grant,hold,integration,journal,knowledge,leaf,lease,mission,' +
      'observation,outbox,phase,phrase,portal,question,rationale,read-back,rebase,receipt,replay,roster,rulebook,run,' +
      'seal,trigger,undo,verdict,version'
    ).split(','),
  )('explains %s', (word) => {
    expect(entries.map(termOf)).toContain(word)
  })
})

describe('the guides', () => {
  it.each(['docs/setup.md', 'docs/guarantees.md', 'docs/missions.md', 'docs/glossary.md', 'docs/salesforce-facts.md'])(
    '%s names only files that are there',
    (path) => {
      const named = [...read(path).matchAll(/`((?:test|server|scripts|docs|force-app)\/[\w./-]+)`/g)].map(
        (match) => match[1]!,
      )
      expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([])
    },
  )

  it('name no file of keys, settings or own missions that git would take along', () => {
    const page = read('docs/setup.md')
    const named = new Set(
      [...page.matchAll(/(?<![\w/])(secrets\/[\w.-]+|missions\/knowledge|[\w-]+\.env)\b/g)].map(([path]) => path),
    )
    expect(named.size).toBeGreaterThan(10)
    const ignored = execFileSync('git', ['check-ignore', ...named], { cwd: root, encoding: 'utf8' })
      .trim()
      .split('\n')
    expect([...named].filter((path) => !ignored.includes(path))).toEqual([])
  })

  it('name every setting of every process', () => {
    const page = read('docs/setup.md')
    expect(Object.keys(SETTINGS).filter((name) => !page.includes(name))).toEqual([])
  })

  it('tell of every permission set that is deployed', () => {
    const names = globSync('force-app/main/default/permissionsets/*.xml', { cwd: root }).map(
      (file) => /<label>(.*)<\/label>/.exec(read(file))?.[1] ?? '',
    )
    expect(names.filter((name) => !read('docs/setup.md').includes(name))).toEqual([])
  })
})
