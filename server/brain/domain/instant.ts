// Arithmetic on ISO 8601 UTC times: plain functions of their arguments, nothing here reads a clock.

/** The time `seconds` after `iso`, with milliseconds. */
export function addSeconds(iso: string, seconds: number): string {
  return new Date(Date.parse(iso) + Math.round(seconds * 1000)).toISOString()
}

/** Seconds from one time to another; negative when `to` lies before `from`. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
