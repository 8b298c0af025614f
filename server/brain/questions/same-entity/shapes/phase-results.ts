import type { RecordValues } from '../../../../contract/values/record-values.ts'
import type { SameEntityAnswer } from './reasoner.ts'

/** What each thinking phase leaves for the next: plain data, stored in the run's journal. */
export interface TriggerResult {
  subject: { object: string; id: string }
  at: string
}

export interface OrgUser {
  id: string
  name: string
  username: string
  isActive: boolean
}

export interface ReadResult {
  lead: RecordValues
  /** With their child records by relationship. */
  accounts: RecordValues[]
  /** Users the territory table names, as far as the org has them. */
  owners: OrgUser[]
  /** Labels as described: `Object.Field`. */
  labels: Record<string, string>
  /** Status a converted lead gets; null unless the mission may convert. */
  convertedStatus: string | null
}

export interface EnrichResult {
  /** Cited as `document vN`. */
  documents: { name: string; version: number }[]
}

export type ReasonResult = SameEntityAnswer
