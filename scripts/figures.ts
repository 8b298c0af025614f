// Measures the product code of a checkout: `npm run figures -- [PATH] [--json]`. A Markdown table, or JSON with every
// file and name behind a count.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { figuresOf } from './figures/figures.ts'
import { figuresTable } from './figures/table.ts'

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true })
const figures = figuresOf(resolve(positionals[0] ?? '.'))
console.log(values.json ? JSON.stringify(figures, null, 2) : figuresTable(figures))
