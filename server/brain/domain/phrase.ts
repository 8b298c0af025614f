/** A piece of text that shows a record's name or a field's value, and so may only be read by who may read that. */
export interface Shown {
  text: string
  record?: { object: string; id: string }
  /** `Object.Field`, when the text is that field's value. */
  field?: string
}

/**
 * Text about records, kept in pieces so that each reader gets only what the org would show that reader. Plain strings
 * must not contain anything read from the org.
 */
export type Phrase = readonly (string | Shown)[]

export interface ReadAccess {
  record(id: string): boolean
  /** `Object.Field`. */
  field(name: string): boolean
}

export function visible(shown: Shown, access: ReadAccess): boolean {
  return (!shown.record || access.record(shown.record.id)) && (!shown.field || access.field(shown.field))
}

/** The phrase as one reader may read it. Record text stays inert: callers render it as text, never as markup. */
export function render(phrase: Phrase, access: ReadAccess): string {
  return phrase
    .map((piece) => {
      if (typeof piece === 'string') return piece
      if (visible(piece, access)) return piece.text
      return piece.field ? '(hidden value)' : '(a record you cannot see)'
    })
    .join('')
}

/** Records and fields a phrase rests on. */
export function restsOn(phrase: Phrase): { records: { object: string; id: string }[]; fields: string[] } {
  const shown = phrase.filter((piece): piece is Shown => typeof piece !== 'string')
  return {
    records: shown.flatMap(({ record }) => (record ? [record] : [])),
    fields: shown.flatMap(({ field }) => (field ? [field] : [])),
  }
}
