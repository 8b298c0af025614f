import type { FieldValue } from '../../../contract/values/field-value.ts'
import type { RecordValues } from '../../../contract/values/record-values.ts'

export interface OrgUser {
  id: string
  name: string
  username: string
  isActive: boolean
}

/** A change of a field, as the org's field history tells it. */
export interface FieldChange {
  field: string
  from: FieldValue
  to: FieldValue
  by: string
  /** ISO 8601. */
  at: string
}

/** What the read phase leaves for those after it: plain data, stored in the run's journal. */
export interface Evidence {
  /** Records that people said are not the same; without `other` as none. Absent in evidence from before it was read. */
  apart?: { record: string; other: string | null }[]
  /** Records by step, with their children by relationship. */
  records: Record<string, RecordValues[]>
  /** Changes of fields by step, newest first; absent where no step reads any. */
  history?: Record<string, FieldChange[]>
  /** Describe's type of each field read: object, then field. */
  types: Record<string, Record<string, string>>
  /** Labels as described: `Object.Field`. */
  labels: Record<string, string>
  /** Users the mission's tables name, as far as the org has them. */
  users: OrgUser[]
  /** Time of the reading: the date expressions call today. */
  at: string
  /** Status a converted lead gets; null unless the mission may convert. */
  convertedStatus: string | null
}
