// A name is exported because another file imports it. A test counts as an importer: it may try a pure function by itself.
import { expect, it } from 'vitest'
import { exportsOf } from '../scripts/figures/exports.ts'
import { importsOf } from '../scripts/figures/imports.ts'
import { readCheckout } from '../scripts/figures/source-files.ts'

/** Still exported for no importer: shapes of what an exported function takes or gives. Only ever shorter. */
const LISTED = [
  'server/brain/boot/compose.ts Brain',
  'server/brain/boot/parts/listen-to-org.ts ListenDeps',
  'server/brain/boot/parts/open-storage.ts StorageDeps',
  'server/brain/jobs/workers.ts WorkersDeps',
  'server/brain/runs/catch-up.ts CatchUpDeps',
  'server/brain/runs/bounds/limits.ts Spent',
  'server/brain/runs/runner.ts Advanced',
  'server/brain/runs/start-run.ts Started',
  'server/brain/runs/steer-run.ts SteeringVerb',
]

/** Imported by a path that stands in a setting: the process of the practice org loads it. */
const LOADED = ['server/practice/content/index.ts content']

/** The practice org is a package: its own consumers import from it. */
const isOurs = (path: string): boolean => !path.startsWith('server/practice-org/')

it('every exported name of the server, the scripts and the components has an importer', () => {
  const checkout = readCheckout('.')
  const paths = new Set(checkout.product.map(({ path }) => path))
  const { total, unused } = exportsOf(
    checkout.product.filter(({ path }) => isOurs(path)),
    importsOf(checkout),
    (path) => paths.has(path),
  )
  expect(total).toBeGreaterThan(1_000)
  expect(unused.filter((name) => ![...LISTED, ...LOADED].includes(name))).toEqual([])
  expect(
    LISTED.filter((name) => !unused.includes(name)),
    'listed, and imported or gone by now',
  ).toEqual([])
}, 60_000)
