/** The records of a step that reads several, as an expression meets them. */
export type Listed = readonly unknown[]

/** A member of a record; undefined where it has none of that name. */
export function memberOf(record: unknown, name: string): unknown {
  if (typeof record !== 'object' || record === null) return undefined
  return Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined
}
