/** One change event from the org, decoded, with where it stands in the stream. */
export interface OrgChange {
  topic: string
  /** Opaque position to resume after, as base64. */
  replayId: string
  object: string
  changeType: string
  /** Names as the event's schema has them, parts of compound fields as `Name.LastName`; null where it does not say: any may have. */
  changedFields: string[] | null
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

/** One platform event that asks for a mission, with where it stands in the stream. Its fields are a publisher's: any may be missing or wrong. */
export interface OrgRequest {
  topic: string
  replayId: string
  /** `Mission_Request__e`. */
  event: string
  mission: string | null
  recordId: string | null
  /** Names the request: a second one of the same key is the same. */
  key: string | null
  /** User who published it. */
  publisher: string | null
  at: string
}
