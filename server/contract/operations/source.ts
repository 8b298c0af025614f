import type { Source } from './fields.ts'

/** True for a value out of a text or a language model: it always needs a person, whatever a gate says. */
export const isTainted = (source: Source): boolean => source.startsWith('model(') || source.startsWith('text:')
