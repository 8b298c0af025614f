// Writes docs/ledger.md from docs/ledger.json: what the practice org offers, what it lacks, and what nobody has checked.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Block = z.union([
  z.strictObject({ text: z.string() }),
  /** An entry that begins with a blank belongs to the one before. */
  z.strictObject({ list: z.array(z.string()) }),
  z.strictObject({ columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
])
type Block = z.infer<typeof Block>

const Ledger = z.array(
  z.strictObject({ level: z.union([z.literal(2), z.literal(3)]), heading: z.string(), blocks: z.array(Block) }),
)
export type Ledger = z.infer<typeof Ledger>

const FOLDER = import.meta.dirname
export const LEDGER_FILE = join(FOLDER, 'ledger.md')

/** The data of the ledger. Throws ZodError when the file has another shape, Error when a row has too many or too few cells. */
export function readLedger(): Ledger {
  const ledger = Ledger.parse(JSON.parse(readFileSync(join(FOLDER, 'ledger.json'), 'utf8')))
  for (const { heading, blocks } of ledger) {
    for (const block of blocks) {
      if (!('rows' in block)) continue
      const uneven = block.rows.find((row) => row.length !== block.columns.length)
      if (uneven) throw new Error(`${heading}: ${uneven[0]} has ${uneven.length} cells`)
    }
  }
  return ledger
}

/** The text of docs/ledger.md. */
export function ledgerDocument(ledger: Ledger): string {
  const head = [
    '<!-- Written by `npm run ledger` from docs/ledger.json. -->',
    '# Ledger of the practice org',
    'Paths are below `src`; those that begin with `test` or `docs` are below the package.',
  ]
  const sections = ledger.flatMap(({ level, heading, blocks }) => [
    `${'#'.repeat(level)} ${heading}`,
    ...blocks.map(blockText),
  ])
  return `${[...head, ...sections].join('\n\n')}\n`
}

function blockText(block: Block): string {
  if ('text' in block) return block.text
  if ('list' in block) return block.list.map((entry) => (entry.startsWith(' ') ? entry : `- ${entry}`)).join('\n')
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(block.columns), line(block.columns.map(() => '---')), ...block.rows.map(line)].join('\n')
}

if (import.meta.main) writeFileSync(LEDGER_FILE, ledgerDocument(readLedger()))
