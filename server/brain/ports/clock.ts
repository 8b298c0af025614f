export interface Clock {
  /** ISO 8601 UTC with milliseconds. */
  now(): string
}

export interface Ids {
  /** A new sortable id (UUID v7 as text). */
  next(): string
  /** 128 random bits as base64url text. */
  salt(): string
}
