// Candidate pairs in bounded memory: records that share a key, found by sorting hashes, a large block by its neighbours alone.

/** Largest block whose records are all compared with each other. */
const LARGEST = 12
/** In a larger block, the neighbours on either side in the order of the names. */
const NEIGHBOURS = 2
/** Records that fit beside a 31-bit hash in the whole numbers of a double. */
const MOST_RECORDS = 2 ** 21

/** Index of the blocks of numbered records. */
interface Blocks {
  /** Records below `record` that share a key with it, each once, ascending. */
  candidatesBelow(record: number): number[]
}

/** Builds the blocks of records whose keys come in order. Throws RangeError when there are more than two million records. */
export function blocksOf(keys: Iterable<readonly string[]>): Blocks {
  const entries = new Entries()
  let records = 0
  for (const own of keys) {
    if (records >= MOST_RECORDS) throw new RangeError(`at most ${MOST_RECORDS} records are compared at once`)
    for (const key of own) entries.add(hashOf(key) * MOST_RECORDS + records)
    records++
  }
  const sorted = entries.sorted()
  return indexOf(sorted, records)
}

/** A growing list of doubles. */
class Entries {
  #values = new Float64Array(1024)
  #count = 0

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = value
  }

  sorted(): Float64Array {
    return this.#values.subarray(0, this.#count).sort()
  }
}

function indexOf(sorted: Float64Array, records: number): Blocks {
  const counts = new Uint32Array(records + 1)
  for (const entry of sorted) counts[recordOf(entry) + 1]! += 1
  for (let record = 0; record < records; record++) counts[record + 1]! += counts[record]!
  const filled = counts.slice()
  const places = new Uint32Array(sorted.length)
  for (let place = 0; place < sorted.length; place++) places[filled[recordOf(sorted[place]!)]!++] = place
  return {
    candidatesBelow(record) {
      const found = new Set<number>()
      for (let at = counts[record]!; at < counts[record + 1]!; at++) addBlock(found, sorted, places[at]!, record)
      return [...found].sort((a, b) => a - b)
    },
  }
}

/** Adds the records below `record` of the block around a place; of a large block those nearest before it. */
function addBlock(found: Set<number>, sorted: Float64Array, place: number, record: number): void {
  const hash = Math.floor(sorted[place]! / MOST_RECORDS)
  let first = place
  while (first > 0 && place - first < LARGEST && Math.floor(sorted[first - 1]! / MOST_RECORDS) === hash) first--
  // Within a block records ascend, so the records below are the entries before this one.
  const isLarge = place - first >= LARGEST
  const from = isLarge ? place - NEIGHBOURS : first
  for (let at = from; at < place; at++) {
    const other = recordOf(sorted[at]!)
    if (other !== record) found.add(other)
  }
}

const recordOf = (entry: number) => entry % MOST_RECORDS

/** 31-bit FNV-1a hash of a text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 16)) & 0x7fffffff
}
