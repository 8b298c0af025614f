import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startOrgProcess } from './org-process.ts'

const KEPT = join('.cache', 'bench')

/** Inputs of the records and their layout: an org made from other inputs is made again. */
const MAKERS = [
  'server/practice-org/src/objects/*.json',
  'server/practice-org/src/seed/*',
  'server/practice-org/src/store/{layout,indexed-text}.ts',
  'server/practice-org/src/engine/{load,people}.ts',
  'server/practice-org/src/content/**/*.{ts,json}',
  'server/practice-org/src/rights/grants.ts',
  'server/practice-org/src/schema/setup-values.ts',
]

interface KeptOrg {
  dataDir: string
  /** How the org was made, maybe in an earlier run. */
  made: { seconds: number; peakMemoryMiB: number }
}

/** A data folder with an org of `size` accounts, made once by the practice org itself and kept in `.cache/bench`. */
export async function keptOrg(size: number): Promise<KeptOrg> {
  const dataDir = join(KEPT, `org-${size}-${fingerprint()}`)
  const note = join(dataDir, 'made.json')
  if (!existsSync(note)) await make(size, dataDir, note)
  return { dataDir, made: JSON.parse(readFileSync(note, 'utf8')) as KeptOrg['made'] }
}

async function make(size: number, dataDir: string, note: string): Promise<void> {
  console.error(`making an org of ${size.toLocaleString('en')} accounts, once; it is kept in ${KEPT}`)
  for (const old of globSync(join(KEPT, `org-${size}-*`))) rmSync(old, { recursive: true, force: true })
  const unfinished = `${dataDir}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const org = await startOrgProcess(unfinished, size)
  const made = { seconds: Math.round(org.startMs / 1000), peakMemoryMiB: org.peakMemoryMiB() }
  await org.stop()
  writeFileSync(join(unfinished, 'made.json'), JSON.stringify(made))
  renameSync(unfinished, dataDir)
  if (!existsSync(note)) throw new Error(`${note} was not written`)
  console.error(`made in ${made.seconds} s`)
}

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of MAKERS.flatMap((pattern) => globSync(pattern)).toSorted())
    hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}
