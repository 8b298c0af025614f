/** Time of day in the reader's zone, `14:01:07`. */
export function clock(time: string): string {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** Day and time in the reader's zone. */
export function dayAndTime(time: string): string {
  return new Date(time).toLocaleString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
}

/** How long something can still be answered, coarsely: `Expires in 2 d`, `in 5 h`, `in 4 min`. `now` in ms since 1970. */
export function expiry(time: string, now: number): string {
  const minutes = Math.round((new Date(time).getTime() - now) / 60_000)
  if (minutes <= 0) return 'Its time is over'
  if (minutes < 90) return `Expires in ${minutes} min`
  return minutes < 48 * 60 ? `Expires in ${Math.round(minutes / 60)} h` : `Expires in ${Math.round(minutes / 1440)} d`
}

/** `1 field`, `2 fields`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** What is left to say where contents were destroyed. */
export function erasedText({ at, by }: { at: string; by: string }): string {
  const day = new Date(at).toLocaleDateString([], { day: 'numeric', month: 'short', year: 'numeric' })
  return `Contents erased on ${day} by ${by}.`
}
