// Compares all records of a list in bounded memory. With a folder for its progress it goes on where a killed sweep stopped.
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { blocksOf } from '../../server/brain/matching/blocking/blocks.ts'
import { clustersOf, type Link, type PairVerdict } from '../../server/brain/matching/clusters/clusters.ts'
import type { Matching } from './matching.ts'

/** Score from which a pair is kept. */
const KEPT = 0.05
/** Records between two notes of progress. */
const STEP = 2_000

interface SweptPair extends Link {
  /** True when the pair may join a cluster. */
  joins: boolean
}

interface Sweep {
  pairs: SweptPair[]
  compared: number
}

/** Every pair of records worth keeping; a null folder keeps progress in memory. Throws Error when the folder holds the progress of another list. */
export function sweep<Facts>(facts: readonly Facts[], matching: Matching<Facts>, folder: string | null): Sweep {
  const progress = folder === null ? null : new Progress(folder, fingerprint(facts, matching))
  const found: Sweep = progress?.read() ?? { pairs: [], compared: 0 }
  const blocks = blocksOf(keysOf(facts, matching))
  let fresh: SweptPair[] = []
  for (let a = progress?.next ?? 0; a < facts.length; a++) {
    for (const b of blocks.candidatesBelow(a)) {
      const { score, joins } = matching.compare(facts[a] as Facts, facts[b] as Facts)
      found.compared++
      if (score >= KEPT || joins) fresh.push({ a, b, score, joins })
    }
    if ((a + 1) % STEP === 0 || a + 1 === facts.length) {
      progress?.note(fresh, a + 1, found.compared)
      for (const pair of fresh) found.pairs.push(pair)
      fresh = []
    }
  }
  return found
}

/** Keys of each record in turn: those of all at once would take more memory than the records. */
function* keysOf<Facts>(facts: readonly Facts[], matching: Matching<Facts>): Generator<string[]> {
  for (const each of facts) yield matching.keysOf(each)
}

/** Clusters of a sweep; pairs that no block brought together are compared when two clusters would join. */
export function clustersOfSweep<Facts>(
  facts: readonly Facts[],
  { pairs }: Sweep,
  matching: Matching<Facts>,
): number[][] {
  const known = new Map<string, PairVerdict>()
  const verdictOf = (a: number, b: number): PairVerdict => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`
    const before = known.get(key)
    if (before !== undefined) return before
    const { joins, differs } = matching.compare(facts[a] as Facts, facts[b] as Facts)
    const verdict: PairVerdict = joins ? 'same' : differs ? 'different' : 'open'
    known.set(key, verdict)
    return verdict
  }
  return clustersOf(
    pairs.filter(({ joins }) => joins),
    verdictOf,
  )
}

/** Hash of a list, so that progress is never taken for another one's. */
function fingerprint<Facts>(facts: readonly Facts[], { printOf }: Matching<Facts>): string {
  const hash = createHash('sha256')
  for (const each of facts) hash.update(JSON.stringify(printOf(each)))
  return hash.digest('hex')
}

/** Pairs and the number of the next record, in two files of a folder. */
class Progress {
  readonly #pairs: string
  readonly #state: string
  readonly #list: string
  next = 0

  constructor(folder: string, list: string) {
    mkdirSync(folder, { recursive: true })
    this.#pairs = join(folder, 'pairs.ndjson')
    this.#state = join(folder, 'progress.json')
    this.#list = list
  }

  read(): Sweep {
    if (!existsSync(this.#state)) return { pairs: [], compared: 0 }
    const state = JSON.parse(readFileSync(this.#state, 'utf8')) as {
      list: string
      next: number
      compared: number
      bytes: number
    }
    if (state.list !== this.#list) throw new Error('The folder holds the progress of another list; name another folder')
    // What was written after the last note is compared again.
    truncateSync(this.#pairs, state.bytes)
    this.next = state.next
    const lines = readFileSync(this.#pairs, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
    return { pairs: lines.map((line) => JSON.parse(line) as SweptPair), compared: state.compared }
  }

  note(pairs: readonly SweptPair[], next: number, compared: number): void {
    appendFileSync(this.#pairs, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''))
    const bytes = statSync(this.#pairs).size
    writeFileSync(`${this.#state}.new`, JSON.stringify({ list: this.#list, next, compared, bytes }))
    renameSync(`${this.#state}.new`, this.#state)
  }
}
