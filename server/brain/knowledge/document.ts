// Knowledge documents: Markdown for people and models, with tables for the rules. Every heading can be cited.
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { InvalidInput } from '../domain/errors.ts'
import type { KnowledgeVersion } from '../domain/mission.ts'

interface Table {
  columns: string[]
  rows: Record<string, string>[]
  /** 1-based line of the table's first row of values. */
  line: number
  /** 1-based place in the line of each cell: of the columns first, then of each row. */
  starts: { columns: number[]; rows: number[][] }
}

export interface Section {
  heading: string
  line: number
  text: string
  /** Its lines below the heading, as written. */
  body: readonly string[]
  tables: Table[]
}

export interface KnowledgeDocument {
  name: string
  /** The file it was read from, or `<name>.md`. */
  file: string
  title: string
  sections: Section[]
}

const FrontMatter = z.strictObject({
  document: z.string().regex(/^[a-z][a-z0-9-]{0,79}$/),
  title: z.string().min(1).max(120),
})

/** Parses a document's text. Throws InvalidInput with `line N` paths when the front matter or a table is wrong. */
export function parseDocument(source: string, file?: string): KnowledgeDocument {
  const lines = source.split(/\r?\n/)
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  if (end === -1) throw invalid(1, 'a knowledge document starts with front matter between two lines of ---')
  const front = FrontMatter.safeParse(parseYaml(lines.slice(1, end).join('\n')))
  if (!front.success) throw invalid(1, frontMatterWords(front.error))
  const starts = lines.flatMap((line, index) => (index > end && /^#{1,6} /.test(line) ? [index] : []))
  const sections = starts.map((start, index) => section(lines, start, starts[index + 1] ?? lines.length))
  const { document: name, title } = front.data
  return { name, file: file ?? `${name}.md`, title, sections }
}

const frontMatterWords = ({ issues }: z.ZodError): string =>
  `the front matter needs two lines, such as “document: territory-rules” and “title: Territory rules”; wrong is ${issues.map(({ path }) => path.join('.') || 'another key').join(', ')}`

function section(lines: readonly string[], start: number, end: number): Section {
  const body = lines.slice(start + 1, end)
  return {
    body,
    heading: (lines[start] ?? '').replace(/^#+ /, '').trim(),
    line: start + 1,
    text: body
      .filter((line) => !line.startsWith('|'))
      .join('\n')
      .trim(),
    tables: tablesOf(body, start + 2),
  }
}

function tablesOf(body: readonly string[], firstLine: number): Table[] {
  const tables: Table[] = []
  for (let index = 0; index < body.length; index++) {
    if (!body[index]?.startsWith('|')) continue
    const start = index
    while (body[index + 1]?.startsWith('|')) index++
    tables.push(tableOf(body.slice(start, index + 1), firstLine + start))
  }
  return tables
}

function tableOf(lines: readonly string[], line: number): Table {
  const columns = cells(lines[0] ?? '')
  if (!/^\|[\s:|-]+\|$/.test(lines[1] ?? ''))
    throw invalid(line + 1, 'under the columns of a table stands a line of dashes: write | --- | --- |')
  const rows = lines.slice(2).map((text, index) => {
    const values = cells(text)
    if (values.length !== columns.length) {
      throw invalid(
        line + 2 + index,
        `this row has ${counted(values.length, 'cell')}, and the table ${counted(columns.length, 'column')}: a blank cell is written as | |`,
      )
    }
    return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? '']))
  })
  const starts = { columns: startsOf(lines[0] ?? ''), rows: lines.slice(2).map(startsOf) }
  return { columns, rows, line: line + 2, starts }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** 1-based places of the cells' first characters. */
function startsOf(line: string): number[] {
  const bars = [...line].flatMap((character, at) => (character === '|' ? [at] : []))
  return bars.map((bar) => bar + 1 + (/^\s*/.exec(line.slice(bar + 1))?.[0].length ?? 0) + 1)
}

const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim().replaceAll('\\_', '_'))

/** The one table under a heading, its rows parsed. Throws InvalidInput with the line of the first wrong row. */
export function rowsOf<T>(document: KnowledgeDocument, heading: string, row: z.ZodType<T>): T[] {
  const found = document.sections.find((each) => each.heading === heading)
  const table = found?.tables[0]
  if (!found || !table) throw invalid(found?.line ?? 1, `${document.name} needs a table under the heading “${heading}”`)
  return table.rows.map((values, index) => {
    const parsed = row.safeParse(values)
    if (!parsed.success) throw invalid(table.line + index, z.prettifyError(parsed.error))
    return parsed.data
  })
}

/** `account-merge-policy v1 §Field groups`: what observations, checks and sources cite. */
export function cite(version: Pick<KnowledgeVersion, 'name' | 'version'>, heading: string): string {
  return `${version.name} v${version.version} §${heading}`
}

function invalid(line: number, message: string): InvalidInput {
  return new InvalidInput(`line ${line}: ${message}`, [{ path: `line ${line}`, message }])
}
