import type { DescribedObject } from '../../../contract/described-grant.ts'

/** What the org told of the objects in a grant. */
export interface OrgNames {
  /** Null for one that the org lacks, and one that it was not asked about. */
  object(name: string): DescribedObject | null
  isAsked(name: string): boolean
}
