import type { RecordRef } from '../../../../../server/contract/http.ts'

/** A stretch of a line; with a record it is that record's link, and the shortened id follows it. */
export interface Piece {
  key: number
  text: string
  record: RecordRef | null
  className: 'words' | 'id'
}

/** What one operation does, as a sentence in pieces, and what belongs to it. */
export interface Line {
  key: string
  pieces: Piece[]
  details: { key: number; text: string }[]
}

type Filling = string | RecordRef | readonly RecordRef[]

/** An id cut in the middle; the whole of it is in the tooltip. */
export const shortId = (id: string): string => `${id.slice(0, 3)}…${id.slice(-7)}`

const words = (text: string) => ({ text, record: null, className: 'words' as const })

const link = (record: RecordRef) => [
  { text: '', record, className: 'words' as const },
  ...(record.name === null || record.id === '' ? [] : [{ ...words(shortId(record.id)), className: 'id' as const }]),
]

/** A label whose placeholders are texts and links to records. */
export function piecesOf(label: string, ...fillings: readonly Filling[]): Piece[] {
  return label
    .split(/(\{\d+\})/)
    .flatMap((part): Omit<Piece, 'key'>[] => {
      const index = /^\{(\d+)\}$/.exec(part)?.[1]
      const filling = index === undefined ? part : fillings[Number(index)]
      if (filling === undefined || filling === '') return []
      if (typeof filling === 'string') return [words(filling)]
      const records = Array.isArray(filling) ? (filling as readonly RecordRef[]) : [filling as RecordRef]
      return records.flatMap((record, n) => [...(n === 0 ? [] : [words(', ')]), ...link(record)])
    })
    .map((piece, key) => ({ ...piece, key }))
}
