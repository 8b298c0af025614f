// DISTANCE(): how far an address of a row is from another one, or from a point.
import type { FunctionExp } from '@jetstreamapp/soql-parser-js'
import { fieldDef } from '../../schema/object-schema.ts'
import type { Operand } from './comparison.ts'
import { invalidField, malformed } from './context.ts'
import type { Scope } from './scope.ts'

const KM_PER_MILE = 1.609344
const UNITS: Record<string, number> = { km: 1, mi: KM_PER_MILE }

type Argument = NonNullable<FunctionExp['parameters']>[number]

/** `DISTANCE(BillingAddress, GEOLOCATION(37.7,-122.4), 'mi')`; null where a point is not known. */
export function distance(scope: Scope, fn: FunctionExp): Operand {
  const [from, to, unit, ...more] = fn.parameters ?? []
  const divisor = typeof unit === 'string' ? UNITS[unit.slice(1, -1).toLowerCase()] : undefined
  if (from === undefined || to === undefined || divisor === undefined || more.length) {
    const reason = "DISTANCE takes two locations and the unit 'mi' or 'km'"
    throw malformed(scope.context, fn.functionName ?? '', reason)
  }
  if (typeof from !== 'string') throw malformed(scope.context, 'GEOLOCATION', "unexpected token: 'GEOLOCATION'")
  const kilometres = `great_circle(${point(scope, from)}, ${point(scope, to)})`
  const text = divisor === 1 ? kilometres : `(${kilometres} / ${divisor})`
  return { sql: text, field: fieldDef({ name: fn.functionName ?? 'DISTANCE', type: 'double', scale: 15 }) }
}

/** SQL of latitude and longitude, both or neither: half a location is none [soqlref]. */
function point(scope: Scope, argument: Argument): string {
  if (typeof argument !== 'string') {
    const degrees = (argument.parameters ?? []).map(Number)
    const isPoint = argument.functionName?.toUpperCase() === 'GEOLOCATION' && degrees.length === 2
    if (!isPoint || !degrees.every(Number.isFinite)) {
      throw malformed(scope.context, argument.functionName ?? '', 'GEOLOCATION takes a latitude and a longitude')
    }
    const [latitude = 0, longitude = 0] = degrees
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
      throw malformed(scope.context, 'GEOLOCATION', 'Latitude must be within -90 and 90, longitude within -180 and 180')
    }
    // A whole number would reach the function as a bigint or integer alike; as REAL it is a number always.
    return degrees.map((each) => `CAST(${each} AS REAL)`).join(', ')
  }
  const { field, sql } = scope.resolve(argument)
  if (field.type !== 'address') {
    throw invalidField(scope.context, argument, `field ${field.name} does not support DISTANCE function`)
  }
  const row = sql.slice(0, sql.indexOf('.'))
  const stem = field.name.replace(/Address$/, '')
  return `${row}."${stem}Latitude", ${row}."${stem}Longitude"`
}
