// Runs of tokens that stand, the same, in a second place.
import type { SourceFile } from './source-files.ts'

const RUN = 40

/** Counts, for each file, its tokens inside a run of 40 or more that stands elsewhere in the given files. */
export function repeatedTokens(files: SourceFile[]): Map<string, number> {
  const numbers = new Map<string, number>()
  const numbered = files.map(({ tokens }) => tokens.map((token) => numberOf(token, numbers)))
  const repeated = numbered.map((tokens) => new Uint8Array(tokens.length))
  for (const places of placesByHash(numbered).values()) {
    for (const { file, at } of places.filter((one) => places.some((other) => areApart(one, other))))
      repeated[file]!.fill(1, at, at + RUN)
  }
  return new Map(files.map(({ path }, file) => [path, repeated[file]!.reduce((sum, each) => sum + each, 0)]))
}

interface Place {
  file: number
  at: number
}

const areApart = (one: Place, other: Place): boolean => one.file !== other.file || Math.abs(one.at - other.at) >= RUN

function numberOf(token: string, numbers: Map<string, number>): number {
  const known = numbers.get(token)
  if (known !== undefined) return known
  numbers.set(token, numbers.size + 1)
  return numbers.size
}

/** Where each run of 40 tokens begins, by its hash. */
function placesByHash(files: number[][]): Map<number, Place[]> {
  const places = new Map<number, Place[]>()
  files.forEach((tokens, file) =>
    runHashes(tokens).forEach((hash, at) => {
      const known = places.get(hash)
      if (known) known.push({ file, at })
      else places.set(hash, [{ file, at }])
    }),
  )
  return places
}

// Two moduli under 2^26, so that every product below is exact and both hashes together are one exact number.
const FIRST = { base: 1_000_003, modulus: 67_108_859 }
const SECOND = { base: 998_983, modulus: 67_108_837 }

function runHashes(tokens: number[]): number[] {
  const second = rollingHashes(tokens, SECOND)
  return rollingHashes(tokens, FIRST).map((hash, at) => hash * SECOND.modulus + second[at]!)
}

/** Rabin-Karp: the hash of each run follows from the one before it. */
function rollingHashes(tokens: number[], { base, modulus }: typeof FIRST): number[] {
  const highest = Array.from({ length: RUN - 1 }).reduce<number>((power) => (power * base) % modulus, 1)
  const hashes: number[] = []
  let hash = 0
  tokens.forEach((token, at) => {
    if (at >= RUN) hash = (hash - ((tokens[at - RUN]! * highest) % modulus) + modulus) % modulus
    hash = (hash * base + token) % modulus
    if (at >= RUN - 1) hashes.push(hash)
  })
  return hashes
}
