import type { RecordKey } from '../../contract/values/ids.ts'

export interface DeletionReads {
  /** Records that runs with contents are linked to, by id after `after`. */
  heldRecords(after: string, limit: number): Promise<RecordKey[]>
  /** When these records were deleted in Salesforce; those not known as deleted are missing. */
  deletionsOf(ids: readonly string[]): Promise<Map<string, string>>
}

export interface DeletionWrites {
  /** Notes that a record was deleted in Salesforce; the first time stays. Does nothing when no run is linked to the record. */
  noteDeletion(id: string, at: string): Promise<void>
  forgetDeletions(ids: readonly string[]): Promise<void>
}
