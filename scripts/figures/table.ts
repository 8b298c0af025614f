// The figures as a Markdown table: a row per figure, a column per area.
import type { Circles } from './circles.ts'
import type { AreaFigures } from './figures.ts'
import type { Spread } from './sizes.ts'

const spread = ({ median, p95, max }: Spread): string => `${median} / ${p95} / ${max}`
const circles = ({ groups, members }: Circles): string => (groups === 0 ? '0' : `${groups} (${members})`)
const count = (value: number): string => value.toLocaleString('en-US')

const ROWS: [title: string, cell: (figures: AreaFigures) => string][] = [
  ['files / lines', ({ sizes }) => `${count(sizes.files)} / ${count(sizes.lines)}`],
  ['lines per file: median / p95 / max', ({ sizes }) => spread(sizes.fileLines)],
  ['tokens per file: median / p95 / max', ({ sizes }) => spread(sizes.fileTokens)],
  ['files over 300 lines', ({ sizes }) => count(sizes.filesOver300Lines)],
  ['named functions', ({ sizes }) => count(sizes.functions)],
  ['lines per function: median / p95 / max', ({ sizes }) => spread(sizes.functionLines)],
  ['tokens per function: median / p95 / max', ({ sizes }) => spread(sizes.functionTokens)],
  ['functions over 60 lines', ({ sizes }) => count(sizes.functionsOver60Lines)],
  ['circles of files, by value (files in them)', (figures) => circles(figures.circles.files.value)],
  ['circles of files, with types', (figures) => circles(figures.circles.files.withTypes)],
  ['circles of folders, by value (folders in them)', (figures) => circles(figures.circles.folders.value)],
  ['circles of folders, with types', (figures) => circles(figures.circles.folders.withTypes)],
  ['folders / with more than 25 files', crowdedFolders],
  ['files that decide by operation kind', ({ kinds }) => count(kinds.deciding.length)],
  ['files with a table over operation kinds', ({ kinds }) => count(kinds.tables.length)],
  ['exports / without importer / imported by tests alone', exportCounts],
  ['tokens in repeated runs of 40 or more', ({ repeatedPercent }) => `${repeatedPercent.toFixed(2)} %`],
]

export function figuresTable(figures: Record<string, AreaFigures>): string {
  const areas = Object.entries(figures)
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(['', ...areas.map(([area]) => area)]),
    line(['---', ...areas.map(() => '---')]),
    ...ROWS.map(([title, cell]) => line([title, ...areas.map(([, each]) => cell(each))])),
  ].join('\n')
}

function crowdedFolders({ folders, crowded }: AreaFigures): string {
  const counts = Object.values(crowded).sort((a, b) => b - a)
  return counts.length === 0 ? `${folders} / 0` : `${folders} / ${counts.length} (${counts.join(', ')})`
}

function exportCounts({ exports: { total, unused, testsOnly } }: AreaFigures): string {
  return `${count(total)} / ${unused.length} / ${testsOnly.length}`
}
