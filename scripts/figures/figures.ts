// The figures of a checkout, for each area and for all.
import { dirname } from 'node:path'
import { fileCircles, folderCircles, type Circles } from './circles.ts'
import { exportsOf, type Exports } from './exports.ts'
import { importsOf, type Import } from './imports.ts'
import { kindsOf, kindUse, type KindUse } from './operation-kinds.ts'
import { repeatedTokens } from './repeats.ts'
import { sizesOf, type Sizes } from './sizes.ts'
import { AREA_NAMES, readCheckout, type SourceFile } from './source-files.ts'

export interface AreaFigures {
  sizes: Sizes
  circles: Record<'files' | 'folders', { value: Circles; withTypes: Circles }>
  folders: number
  /** Count of files in each folder that holds more than 25. */
  crowded: Record<string, number>
  kinds: KindUse
  exports: Exports
  /** Share of tokens in a run of 40 or more that stands elsewhere, in percent. */
  repeatedPercent: number
}

const MOST_FILES = 25

/** Measures a checkout. Throws Error when the path holds no product code. */
export function figuresOf(root: string): Record<string, AreaFigures> {
  const checkout = readCheckout(root)
  const { product } = checkout
  const measured: Measured = {
    imports: importsOf(checkout),
    product: new Set(product.map(({ path }) => path)),
    kinds: kindsOf(product),
    repeated: repeatedTokens(product),
  }
  const areas = AREA_NAMES.map((area) => [area, product.filter((file) => file.area === area)] as const)
  const filled = [...areas, ['all', product] as const].filter(([, files]) => files.length > 0)
  return Object.fromEntries(filled.map(([area, files]) => [area, areaFigures(files, measured)]))
}

/** What is measured once, over the whole checkout. */
interface Measured {
  imports: Import[]
  product: Set<string>
  kinds: Set<string>
  repeated: Map<string, number>
}

function areaFigures(files: SourceFile[], { imports, product, kinds, repeated }: Measured): AreaFigures {
  const paths = new Set(files.map(({ path }) => path))
  const values = imports.filter(({ typeOnly }) => !typeOnly)
  const perFolder = Object.entries(Object.groupBy(paths, (path) => dirname(path)))
  const tokens = files.reduce((sum, file) => sum + file.tokens.length, 0)
  const inRuns = files.reduce((sum, { path }) => sum + (repeated.get(path) ?? 0), 0)
  // The practice org has kinds of write of its own, under the same words.
  const outsideOrg = files.filter(({ area }) => area !== 'practice org')
  return {
    sizes: sizesOf(files),
    circles: {
      files: { value: fileCircles(paths, values), withTypes: fileCircles(paths, imports) },
      folders: { value: folderCircles(paths, values), withTypes: folderCircles(paths, imports) },
    },
    folders: perFolder.length,
    crowded: Object.fromEntries(
      perFolder.map(([folder, held]) => [folder, held!.length] as const).filter(([, count]) => count > MOST_FILES),
    ),
    kinds: kindUse(outsideOrg, kinds),
    exports: exportsOf(files, imports, (path) => product.has(path)),
    repeatedPercent: tokens === 0 ? 0 : (100 * inRuns) / tokens,
  }
}
