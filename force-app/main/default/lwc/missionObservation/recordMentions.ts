import type { RecordRef } from '../../../../../server/contract/http.ts'

/** A stretch of an observation's line; with a record it is that record's name. */
export interface Part {
  key: number
  text: string
  record: RecordRef | null
}

/**
 * Finds the records that a line names, so that the name itself can be the link. Only a name that means one record counts,
 * and the longest first: one company's name is often the beginning of another's.
 */
export function partsOf(text: string, records: readonly RecordRef[]): { parts: Part[]; rest: RecordRef[] } {
  const unique = records.filter(({ name }) => name && records.filter((other) => other.name === name).length === 1)
  const byLength = unique.sort((a, b) => (b.name?.length ?? 0) - (a.name?.length ?? 0))
  let pieces: Omit<Part, 'key'>[] = [{ text, record: null }]
  for (const record of byLength) pieces = pieces.flatMap((piece) => split(piece, record))
  const found = new Set(pieces.map(({ record }) => record?.id))
  return {
    parts: pieces.map((piece, key) => ({ ...piece, key })),
    rest: records.filter(({ id }) => !found.has(id)),
  }
}

function split(piece: Omit<Part, 'key'>, record: RecordRef): Omit<Part, 'key'>[] {
  const name = record.name ?? ''
  const at = piece.record ? -1 : piece.text.indexOf(name)
  if (at < 0) return [piece]
  return [
    { text: piece.text.slice(0, at), record: null },
    { text: name, record },
    { text: piece.text.slice(at + name.length), record: null },
  ].filter(({ text }) => text !== '')
}
