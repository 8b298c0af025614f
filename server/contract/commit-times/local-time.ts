// The clock on the wall of a time zone. It rests on the zone data of the runtime: nothing that is replayed may be computed from it.

const formats = new Map<string, Intl.DateTimeFormat>()

/** `YYYY-MM-DDTHH:MM:SS.000Z` of a UTC time as clocks of the zone show it, written as if it were UTC; null for a zone that is not known. */
export function localTime(zone: string, iso: string): string | null {
  const format = formats.get(zone) ?? formatOf(zone)
  if (!format) return null
  formats.set(zone, format)
  const parts = Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}.000Z`
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const two = '2-digit'
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
