// What SQLite cannot do by itself for queries: time zones, distances, ids.
import type { DatabaseSync } from 'node:sqlite'
import { wallClock } from '../schema/dates.ts'
import { shareId } from './share-numbers.ts'

/** Mean radius of the earth; an org takes it for a sphere as well [soqlref]. */
const EARTH_KM = 6371.0088
const RADIANS = Math.PI / 180

/** Kilometres along the great circle between two points in degrees. */
export function greatCircle(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number {
  const across = Math.sin(((latitudeB - latitudeA) * RADIANS) / 2) ** 2
  const along = Math.sin(((longitudeB - longitudeA) * RADIANS) / 2) ** 2
  const chord = across + Math.cos(latitudeA * RADIANS) * Math.cos(latitudeB * RADIANS) * along
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(chord)))
}

/** Adds the functions to a connection; each is null as soon as one of its arguments is. */
export function defineFunctions(db: DatabaseSync): void {
  db.function('wall_clock', { deterministic: true }, (ms: unknown, timeZone: unknown) =>
    typeof ms === 'number' && typeof timeZone === 'string' ? wallClock(ms, timeZone) : null,
  )
  db.function('great_circle', { deterministic: true, varargs: true }, (...degrees: unknown[]) => {
    const [a, b, c, d] = degrees
    const known = typeof a === 'number' && typeof b === 'number' && typeof c === 'number' && typeof d === 'number'
    return known ? greatCircle(a, b, c, d) : null
  })
  db.function('share_id', { deterministic: true }, shareId)
}
