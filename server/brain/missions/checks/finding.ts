import type { KnowledgeDocument } from '../../knowledge/document.ts'

export interface Finding {
  path: readonly (string | number)[]
  message: string
}

/** A knowledge document by name; null where none is called so. */
export type Knowledge = (name: string) => KnowledgeDocument | null
