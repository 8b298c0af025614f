// A decision table of a knowledge document: columns of conditions, columns of outputs, one rule a row.
import { hintFor } from '../../domain/did-you-mean.ts'
import type { KnowledgeDocument, Section } from '../document.ts'
import { cellOf, type Cell } from './cell.ts'

/** What an output column gives: a text, a number, a date, a checkbox, or a user by username. */
const OUTPUT_TYPES = ['text', 'number', 'date', 'checkbox', 'user'] as const
export type OutputType = (typeof OUTPUT_TYPES)[number]

interface InputColumn {
  name: string
  /** Expression its value comes from, when the document says so; else the field of that name. */
  expression: string | null
}

interface OutputColumn {
  /** As expressions call it: `owner` of `→ Owner: user`. */
  name: string
  type: OutputType
}

export interface Rule {
  /** Counted from 1, as observations cite it. */
  row: number
  line: number
  cells: Cell[]
  /** In the order of the output columns; null leaves the field as it is. An expression stands between backticks. */
  outputs: (string | null)[]
}

export interface DecisionTable {
  document: string
  heading: string
  /** `first`: rows are tried from the top. `unique`: at most one row may apply. */
  hit: 'first' | 'unique'
  /** Whether the document says that what no row covers is meant to be left alone. */
  leavesRest: boolean
  inputs: InputColumn[]
  outputs: OutputColumn[]
  rules: Rule[]
  /** 1-based line of the table's first row. */
  line: number
}

/** A fault of a table, at its line in the document. */
export interface TableFault {
  line: number
  /** 1-based place in the line; absent: its beginning. */
  column?: number
  message: string
}

/** The line of a fault that lies at no line of the document. */
export const NOWHERE = 0

const OUTPUT = /^(?:→|->|=>)\s*([A-Za-z][A-Za-z ]{0,39}?)\s*(?::\s*([a-z]+))?$/
const NUMBER = /^-?\d{1,30}(\.\d{1,20})?$/
const DATE = /^\d{4}-\d\d-\d\d$/
const USERNAME = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Reads the decision table under a heading. All faults at once when it has any. */
export function decisionTable(document: KnowledgeDocument, heading: string): DecisionTable | { faults: TableFault[] } {
  const section = document.sections.find((each) => each.heading === heading)
  const table = section?.tables[0]
  if (!section || !table)
    return { faults: [{ line: section?.line ?? NOWHERE, message: `${noTable(document, heading)}` }] }
  const faults: TableFault[] = []
  const headers = table.columns.map((header) => headerOf(header, section))
  const at = table.line - 2
  const outputs = headers.flatMap((each) => ('output' in each ? [each.output] : []))
  const inputs = headers.flatMap((each) => ('input' in each ? [each.input] : []))
  for (const [n, each] of headers.entries())
    if ('wrong' in each) faults.push({ line: at, column: table.starts.columns[n], message: each.wrong })
  if (outputs.length === 0 && faults.length === 0)
    faults.push({ line: at, message: 'no column gives anything: write an output as “→ Owner”' })
  if (inputs.length === 0) faults.push({ line: at, message: 'no column asks for anything' })
  if (table.rows.length === 0) faults.push({ line: at, message: 'this table has no rows' })
  faults.push(...repeated(table.columns).map((name) => ({ line: at, message: `there are two columns “${name}”` })))
  const hit = hitPolicyOf(section.text)
  if ('wrong' in hit) faults.push({ line: section.line, message: hit.wrong })
  const rules = table.rows.map((row, index): Rule => {
    const line = table.line + index
    const cells: Cell[] = []
    const given: (string | null)[] = []
    for (const [n, column] of table.columns.entries()) {
      const header = headers[n]
      const place = { line, column: table.starts.rows[index]?.[n] }
      const text = row[column] ?? ''
      if (header && 'input' in header) {
        const cell = cellOf(text)
        if ('wrong' in cell) faults.push({ ...place, message: `${column}: ${cell.wrong}` })
        else cells.push(cell)
      }
      if (header && 'output' in header) {
        const wrong = outputFault(text, header.output.type)
        if (wrong !== null) faults.push({ ...place, message: `${column}: ${wrong}` })
        given.push(text === '' ? null : text)
      }
    }
    return { row: index + 1, line, cells, outputs: given }
  })
  if (faults.length > 0 || 'wrong' in hit) return { faults }
  const { leavesRest } = restOf(section.text)
  return { document: document.name, heading, hit: hit.policy, leavesRest, inputs, outputs, rules, line: table.line }
}

/** Why there is no table under a heading. */
export function noTable({ sections }: KnowledgeDocument, heading: string): string {
  const there = sections.filter(({ tables }) => tables.length > 0).map((section) => section.heading)
  return `there is no table under the heading “${heading}”${hintFor(heading, there)}`
}

type Header = { input: InputColumn } | { output: OutputColumn } | { wrong: string }

function headerOf(header: string, { text }: Section): Header {
  const found = OUTPUT.exec(header)
  if (found) {
    const type = found[2] ?? 'text'
    const known = OUTPUT_TYPES.find((each) => each === type)
    if (!known) return { wrong: `${header}: there is no type “${type}”${hintFor(type, OUTPUT_TYPES)}` }
    return { output: { name: camelCase(found[1] ?? ''), type: known } }
  }
  if (/^(→|->|=>)/.test(header)) return { wrong: `${header}: an output is written as “→ Owner” or “→ Owner: user”` }
  const named = new RegExp(`^[-*]\\s*${escaped(header)}\\s*:\\s*\`([^\`]+)\`\\s*$`, 'im').exec(text)
  return { input: { name: header, expression: named?.[1] ?? null } }
}

function hitPolicyOf(text: string): { policy: DecisionTable['hit'] } | { wrong: string } {
  const found = /^hit policy:\s*([a-z]+)/im.exec(text)
  if (!found)
    return {
      wrong:
        'the table does not say which row counts: write “Hit policy: first” (rows are tried from the top) or “Hit policy: unique” (at most one may apply) above it',
    }
  const policy = (found[1] ?? '').toLowerCase()
  if (policy === 'first' || policy === 'unique') return { policy }
  return { wrong: `there is no hit policy “${policy}”: write “Hit policy: first” or “Hit policy: unique”` }
}

/** `No row: leave it as it is.` says that not every case needs a row. */
const restOf = (text: string) => ({ leavesRest: /^no row:\s*(leave|nothing)/im.test(text) })

function outputFault(text: string, type: OutputType): string | null {
  if (text === '' || (text.startsWith('`') && text.endsWith('`') && text.length > 2)) return null
  if (type === 'number' && !NUMBER.test(text)) return `“${text}” is no number: write it as 1000 or 0.5`
  if (type === 'date' && !DATE.test(text)) return `“${text}” is no date: write it as 2027-01-31`
  if (type === 'checkbox' && !/^(true|false|yes|no)$/i.test(text))
    return `“${text}” is neither yes nor no: write one of them`
  if (type === 'user' && !USERNAME.test(text))
    return `“${text}” is no username: write the one the user signs in with, e.g. elena@example.com`
  return null
}

const camelCase = (words: string): string =>
  words
    .toLowerCase()
    .split(' ')
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, n) => names.indexOf(name) < n)),
]

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
