// A stored row.

/** A value as it is stored: booleans as 0/1, datetimes as epoch ms, dates as `YYYY-MM-DD`. */
export type Stored = string | number | null

export type Row = Record<string, Stored>
