// Field values and records as REST carries them.

/** A field value as REST JSON carries it: numbers for numeric fields, ISO text for dates, `null` for blank. */
export type Value = string | number | boolean | null

/** A record as REST returns it; nested objects are parent relationships, `{ totalSize, done, records }` child ones. */
export type RecordJson = { attributes: { type: string; url?: string }; [field: string]: unknown }
