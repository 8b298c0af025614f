// A phrase table of a knowledge document: what people write, and what it means. One row may name several phrases.
import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { KnowledgeDocument } from '../document.ts'
import { NOWHERE, noTable, type TableFault } from './decision-table.ts'

interface PhraseRow {
  /** Counted from 1, as observations cite it. */
  row: number
  phrases: string[]
  /** By output; null says nothing about it. */
  outputs: Record<string, string | null>
}

export interface PhraseTable {
  document: string
  heading: string
  outputs: string[]
  rows: PhraseRow[]
}

const PHRASES = /^phrases?$/i
const OUTPUT = /^(?:→|->|=>)\s*([A-Za-z][A-Za-z ]{0,39})$/
const SHORTEST = 3

/** Reads the phrase table under a heading. All faults at once when it has any. */
export function phraseTable(document: KnowledgeDocument, heading: string): PhraseTable | { faults: TableFault[] } {
  const section = document.sections.find((each) => each.heading === heading)
  const table = section?.tables[0]
  if (!section || !table)
    return { faults: [{ line: section?.line ?? NOWHERE, message: `${noTable(document, heading)}` }] }
  const at = table.line - 2
  const faults: TableFault[] = []
  const phrases = table.columns.filter((name) => PHRASES.test(name))
  if (phrases.length !== 1) faults.push({ line: at, message: 'a phrase table has one column “Phrases”' })
  const outputs = table.columns
    .filter((name) => !PHRASES.test(name))
    .map((name) => ({ column: name, name: outputName(name) }))
  for (const { column, name } of outputs)
    if (name === null) faults.push({ line: at, message: `${column}: an output is written as “→ Outcome”` })
  if (outputs.length === 0)
    faults.push({ line: at, message: 'no column gives anything: write an output as “→ Outcome”' })
  const rows = table.rows.map((row, index): PhraseRow => {
    const written = wordsOfCell(row[phrases[0] ?? ''] ?? '')
    const line = table.line + index
    if (written.length === 0 && phrases.length === 1) faults.push({ line, message: 'this row names no phrase' })
    for (const phrase of written)
      if (phrase.length < SHORTEST)
        faults.push({ line, message: `“${phrase}” is too short: it stands in too many texts` })
    const given = outputs.map(({ column, name }) => [name ?? column, row[column] || null] as const)
    return { row: index + 1, phrases: written, outputs: Object.fromEntries(given) }
  })
  const seen = new Map<string, number>()
  for (const { row, phrases: written } of rows) {
    for (const phrase of written) {
      const before = seen.get(phrase)
      if (before !== undefined && before !== row)
        faults.push({ line: table.line + row - 1, message: `“${phrase}” stands in row ${before} already` })
      seen.set(phrase, before ?? row)
    }
  }
  if (faults.length > 0) return { faults }
  return { document: document.name, heading, outputs: outputs.map(({ name }) => name ?? ''), rows }
}

const wordsOfCell = (cell: string): string[] =>
  cell
    .split(';')
    .map(plain)
    .filter((phrase) => phrase !== '')

function outputName(column: string): string | null {
  const words = OUTPUT.exec(column)?.[1]?.toLowerCase().split(' ')
  if (!words) return null
  return words.map((word, n) => (n === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

/** Texts and phrases are compared as words in lower case, without punctuation. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** A phrase found in a text. */
export interface PhraseHit {
  row: number
  phrase: string
}

/** Words that turn a phrase round when they stand close before it. */
const NEGATIONS = new Set(
  'not no never nor without dont didnt isnt arent wasnt werent wont cant cannot hasnt havent nicht kein keine keinen nie pas jamais non'.split(
    ' ',
  ),
)
const NEAR = 3
const MOST_CHARACTERS = 100_000

/** Phrases of the table that a text says, in the order of the rows. One that is negated does not count, nor does quoted mail. */
export function phrasesIn(table: PhraseTable, text: string): PhraseHit[] {
  const sentences = withoutQuotes(text.slice(0, MOST_CHARACTERS))
    .split(/[.!?\n]+/)
    .map((sentence) => plain(sentence))
    .filter((sentence) => sentence !== '')
  return table.rows.flatMap(({ row, phrases }) =>
    phrases.filter((phrase) => sentences.some((sentence) => says(sentence, phrase))).map((phrase) => ({ row, phrase })),
  )
}

function says(sentence: string, phrase: string): boolean {
  const padded = ` ${sentence} `
  for (let at = padded.indexOf(` ${phrase} `); at !== -1; at = padded.indexOf(` ${phrase} `, at + 1)) {
    const before = padded.slice(0, at).trim().split(' ').slice(-NEAR)
    if (!before.some((word) => NEGATIONS.has(word))) return true
  }
  return false
}

/** The newest message of a mail: lines that quote an earlier one, and all after the line that introduces it, are left out. */
function withoutQuotes(text: string): string {
  const lines = text.split(/\r?\n/)
  const end = lines.findIndex((line) =>
    /^\s*(-{2,}\s*original message|on .{4,80} wrote:|am .{4,80} schrieb|le .{4,80} a écrit)/i.test(line),
  )
  return (end === -1 ? lines : lines.slice(0, end)).filter((line) => !/^\s*>/.test(line)).join('\n')
}

/** What the hits say together; an output on which two rows differ is in `conflicts` and has no value. */
export function meaningOf(
  table: PhraseTable,
  hits: readonly PhraseHit[],
): { outputs: Record<string, FieldValue>; conflicts: { output: string; rows: number[] }[] } {
  const rows = table.rows.filter(({ row }) => hits.some((hit) => hit.row === row))
  const outputs: Record<string, FieldValue> = {}
  const conflicts: { output: string; rows: number[] }[] = []
  for (const output of table.outputs) {
    const saying = rows.filter((row) => row.outputs[output] !== null && row.outputs[output] !== undefined)
    const values = new Set(saying.map((row) => row.outputs[output]))
    outputs[output] = values.size === 1 ? (saying[0]?.outputs[output] ?? null) : null
    if (values.size > 1) conflicts.push({ output, rows: saying.map(({ row }) => row) })
  }
  return { outputs, conflicts }
}
