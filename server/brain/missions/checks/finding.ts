import type { KnowledgeDocument } from '../../knowledge/document.ts'

export interface Finding {
  path: readonly (string | number)[]
  message: string
  /** Where it lies, when that is in a knowledge document. */
  at?: { file: string; line: number; column: number }
}

/** A knowledge document by name; null where none is called so. */
export type Knowledge = (name: string) => KnowledgeDocument | null
