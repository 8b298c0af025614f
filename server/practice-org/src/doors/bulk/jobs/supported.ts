import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Objects that other APIs read and the bulk ones do not, in lower case. */
const UNSUPPORTED = new Set(
  z
    .array(z.string())
    .parse(JSON.parse(readFileSync(new URL('./unsupported.json', import.meta.url), 'utf8')))
    .map((name) => name.toLowerCase()),
)

/** Why no bulk job can be about this object; undefined when one can. */
export function objectComplaint(object: string): string | undefined {
  return UNSUPPORTED.has(object.toLowerCase()) ? `Entity '${object}' is not supported by the Bulk API.` : undefined
}
