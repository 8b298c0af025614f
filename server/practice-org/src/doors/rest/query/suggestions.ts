import { z } from 'zod'
import type { RecordJson } from '../../../org/values.ts'
import { refusal } from '../../../wire/http/errors.ts'
import { describedFields, soqlText } from '../../../wire/rows/row.ts'
import { isTrue } from '../request/write-options.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'

const USUAL = 5
const MOST = 200
const MAX_TERM = 200

const Names = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.string().regex(/^\w+$/)))
const Asked = z.object({
  q: z.string().max(MAX_TERM),
  sobject: Names.pipe(z.array(z.string()).min(1)),
  fields: Names.default([]),
  limit: z.coerce.number().int().positive().catch(USUAL),
  where: z.string().optional(),
})
type Asked = z.infer<typeof Asked>

/**
 * `GET /search/suggestions?q=&sobject=`: records of the objects whose name, or a word in it, begins with what was typed.
 * `fields`, `limit`, `where` and `ignoreUnsupportedSObjects` are heeded; networks, groups and users narrow feeds alone.
 */
export function suggest(request: RestRequest, context: RestContext): RestResponse {
  const parsed = Asked.safeParse(Object.fromEntries(request.query))
  if (!parsed.success) {
    const [name] = parsed.error.issues[0]?.path ?? []
    throw refusal.badInput(`${String(name)} must be specified`, 'MISSING_ARGUMENT')
  }
  const asked = parsed.data
  if (asked.q.trim().length < 2) {
    throw refusal.badInput('search term must be at least 2 characters', 'MALFORMED_SEARCH')
  }
  const limit = Math.min(MOST, asked.limit)
  const lenient = isTrue(request.query.get('ignoreUnsupportedSObjects'))
  const objects = asked.sobject.filter((name) => isSupported(context, name, lenient))
  const found = objects.flatMap((object) => suggestionsOf(context, object, asked, limit + 1))
  return ok({ autoSuggestResults: found.slice(0, limit), hasMoreResults: found.length > limit })
}

function isSupported({ org, caller }: RestContext, name: string, lenient: boolean): boolean {
  const object = org.describeGlobal(caller).find((one) => String(one['name']).toLowerCase() === name.toLowerCase())
  if (object?.['searchable'] === true) return true
  if (lenient) return false
  throw refusal.badInput(`sObject type '${name}' is not supported.`, 'INVALID_TYPE')
}

function suggestionsOf({ org, caller }: RestContext, object: string, asked: Asked, limit: number): RecordJson[] {
  const name = describedFields(org, caller, object).find((field) => field.nameField)?.name ?? 'Id'
  const typed = asked.q.trim().replace(/[%_\\]/g, (character) => `\\${character}`)
  const [begins, within] = [soqlText(`${typed}%`), soqlText(`% ${typed}%`)]
  const fields = [...new Set(['Id', name, ...asked.fields])].join(', ')
  const where = asked.where ? ` AND (${asked.where})` : ''
  const soql = `SELECT ${fields} FROM ${object} WHERE (${name} LIKE ${begins} OR ${name} LIKE ${within})${where} LIMIT ${limit}`
  return org.query(caller, soql).records
}
