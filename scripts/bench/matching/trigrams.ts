/** Share of three-letter pieces that two texts have in common, as PostgreSQL's pg_trgm counts it. */
export function trigramLikeness(a: string, b: string): number {
  const [x, y] = [trigrams(a), trigrams(b)]
  const both = [...x].filter((piece) => y.has(piece)).length
  const either = x.size + y.size - both
  return either === 0 ? 0 : both / either
}

function trigrams(text: string): Set<string> {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? []
  return new Set(
    words.flatMap((word) => Array.from({ length: word.length + 1 }, (_, at) => `  ${word} `.slice(at, at + 3))),
  )
}
