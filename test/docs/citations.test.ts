// Every citation leads to something in the repository: documents, headings, tags of sources, links between pages.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const PACKAGE = 'server/practice-org'
const FACTS = 'docs/salesforce-facts.md'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const isThere = (path: string): boolean => existsSync(join(root, path))

const OWN = ['server', 'scripts', 'test', 'docs', 'force-app']
const files = [
  ...globSync('*.md', { cwd: root }),
  ...globSync(
    OWN.map((folder) => `${folder}/**/*.*`),
    { cwd: root, exclude: ['**/node_modules'] },
  ),
]
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path !== 'test/docs/citations.test.ts')
const sources = files.filter((path) => /\.(ts|mjs|js|cls|sql|css|html|yaml)$/.test(path))
const pages = files.filter((path) => path.endsWith('.md'))

/** GitHub's anchors of a page's headings. */
function anchorsOf(path: string): string[] {
  return [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** The page or folder a citation means: from the root, or from the practice org's folder for files of the practice org. */
function pageOf(cited: string, file: string): string | null {
  const bases = file.includes('practice-org') ? [PACKAGE, '.'] : ['.']
  return bases.map((base) => normalize(join(base, cited))).find(isThere) ?? null
}

function brokenCitations(file: string, text: string): string[] {
  const cited = [
    ...text.matchAll(/(?<![\w/.-])(?:\.\.\/)*((?:[\w-]+\/)*docs\/[\w./-]+\.(?:md|json|png|svg))(#[\w-]+)?/g),
  ]
  return cited.flatMap(([whole, path = '', anchor]) => {
    const page = pageOf(path, file)
    if (page === null) return [`${file}: ${whole}`]
    return anchor === undefined || anchorsOf(page).includes(anchor.slice(1)) ? [] : [`${file}: ${whole}`]
  })
}

/** Names of documents that were never in this repository, or that a number cannot find. */
const NOWHERE =
  /salesforce-facts (?:section )?\d|\bdesign(?:\.md)? section|\breference\/[a-z]+\.md|\breference\/[a-z]+`? \d/i

const nowhere = (file: string, text: string): string[] =>
  text.split('\n').flatMap((line, index) => (NOWHERE.test(line) ? [`${file}:${index + 1}`] : []))

function comments(text: string): string {
  return text
    .split('\n')
    .filter((line) => /^\s*(\/\/|\/?\*)|\s\/\/ /.test(line))
    .join('\n')
}

/** Tags such as `[K]` or `[help: page]`. */
const tagsIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w\])])\[(K|[a-z][a-z ]*)(?:: [^\]]+)?\](?![\w([])/g)].map(([, name = '']) => name)

describe('citations in code', () => {
  it('name documents and headings that exist', () => {
    expect(sources.length).toBeGreaterThan(100)
    expect(sources.flatMap((file) => brokenCitations(file, read(file)))).toEqual([])
  })

  it('name no document that is not in the repository', () => {
    expect([...sources, ...pages].flatMap((file) => nowhere(file, read(file)))).toEqual([])
  })

  it('citations in code of the practice org carry tags that its sources explain', () => {
    const legend = new Set(tagsIn(read(`${PACKAGE}/docs/sources.md`)))
    const ofTheOrg = sources.filter((file) => file.includes('practice-org'))
    const unknown = ofTheOrg.flatMap((file) => tagsIn(comments(read(file))).filter((tag) => !legend.has(tag)))
    expect(legend.has('K')).toBe(true)
    expect(unknown).toEqual([])
  })

  it('are found broken when they are', () => {
    expect(brokenCitations('server/main.ts', '// see docs/nothing.md')).toHaveLength(1)
    expect(brokenCitations('server/main.ts', `// see ${FACTS}#no-such-heading`)).toHaveLength(1)
    expect(brokenCitations('server/main.ts', `// see ${FACTS}#merge`)).toEqual([])
    expect(
      nowhere('a.ts', '// as salesforce-facts 5.3 says\n// design section 2\n// reference/ux.md 3.2'),
    ).toHaveLength(3)
    expect(tagsIn('as an org [K], and [help: sharing rules]')).toEqual(['K', 'help'])
  })
})

describe('pages', () => {
  it('link to files and headings that exist', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(#[\w-]+)?\)/g)].flatMap(
        ([link, path = '', anchor]) => {
          const target = path === '' ? page : normalize(join(dirname(page), path))
          if (!isThere(target)) return [`${page}: ${link}`]
          return anchor === undefined || anchorsOf(target).includes(anchor.slice(1)) ? [] : [`${page}: ${link}`]
        },
      ),
    )
    expect(broken).toEqual([])
  })

  it('say for each fact about Salesforce which code rests on it', () => {
    const sections = read(FACTS).split(/^## /m).slice(1)
    const paths = sections.map((section) => {
      const [, list = ''] = /^Rests on it: (.*)$/m.exec(section) ?? []
      return [...list.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
    })
    expect(sections.filter((_, index) => paths[index]?.length === 0).map((section) => section.split('\n')[0])).toEqual(
      [],
    )
    expect(paths.flat().filter((path) => !isThere(path))).toEqual([])
  })
})
