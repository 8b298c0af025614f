declare module 'pg/lib/utils.js' {
  /** A parameter as the pg driver would send it. */
  export function prepareValue(value: unknown): string | Buffer | null
}
