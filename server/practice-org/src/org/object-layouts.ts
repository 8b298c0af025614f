// Layouts and picklists of an object as the doors read them.
import type { PageLayoutRule } from './layout-rules.ts'

export interface PageLayout {
  id: string
  name: string
  sections: PageLayoutRule['sections']
  relatedLists: PageLayoutRule['relatedLists']
}

export interface CompactLayout {
  /** Null for the system's own. */
  id: string | null
  name: string
  label: string
  fields: string[]
}

/** What somebody sees of the records of one type. */
export interface TypeLayouts {
  recordTypeId: string
  page: PageLayout
  compact: CompactLayout
  /** Picklists that have values of their own there, by field; the others have all of theirs. */
  picklists: Record<string, { values: string[]; default?: string | undefined }>
}

export interface ObjectLayouts {
  /** By record type, in the order of the describe: the master last. */
  types: TypeLayouts[]
  /** Layouts that are asked for by name. */
  named: PageLayout[]
}
