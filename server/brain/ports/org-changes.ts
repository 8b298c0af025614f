/** One change event from the org, decoded, with where it stands in the stream. */
export interface OrgChange {
  topic: string
  /** Opaque position to resume after, as base64. */
  replayId: string
  object: string
  changeType: string
  recordIds: string[]
  /** False when the org does not name every record: an overflow, or a gap that says `00Q*`. */
  isComplete: boolean
  /** `client=` of the change origin: our own writes are known by it. */
  client: string | null
  /** When it was committed. */
  at: string
  /** The record's time of change as of the event; null where the event does not bear it, as a deletion's or a gap's. */
  modifiedAt: string | null
}
