import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LEDGER_FILE, ledgerDocument, readLedger } from '../../docs/ledger.ts'

const PACKAGE = join(import.meta.dirname, '../..')
const ledger = readLedger()

/** Files and folders that the ledger names, each in backticks. */
const named = [...JSON.stringify(ledger).matchAll(/`((?:[\w-]+\/)+(?:[\w.-]+\.(?:ts|json|md))?)`/g)].map(
  ([, path]) => path!,
)

it('docs/ledger.md is what docs/ledger.json says; npm run ledger writes it', () => {
  expect(readFileSync(LEDGER_FILE, 'utf8')).toBe(ledgerDocument(ledger))
})

it('the ledger names only files and folders that are there', () => {
  expect(named.length).toBeGreaterThan(100)
  const base = (path: string): string => join(PACKAGE, /^(test|docs)\//.test(path) ? '' : 'src')
  expect(named.filter((path) => !existsSync(join(base(path), path)))).toEqual([])
})

it('the ledger names only tests that are there', () => {
  const tests = new Set(globSync('test/**/*.test.ts', { cwd: PACKAGE }).map((path) => path.split('/').at(-1)))
  const cited = [...JSON.stringify(ledger).matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name]) => name!)
  expect(cited.length).toBeGreaterThan(3)
  expect(cited.filter((name) => !tests.has(name))).toEqual([])
})

it('the ledger says of every thing it lists how far it is there', () => {
  const states = ledger.flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      const at = 'rows' in block ? block.columns.indexOf('State') : -1
      return 'rows' in block && at >= 0 ? block.rows.map((row) => row[at]) : []
    }),
  )
  expect(states.length).toBeGreaterThan(150)
  expect([...new Set(states)].sort()).toEqual(['as an org', 'not offered', 'partly'])
})
