import { z } from 'zod'
import { refusal } from '../http/errors.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request.ts'

/** `GET /search?q=FIND {…}`. */
export function runSearch(request: RestRequest, context: RestContext): RestResponse {
  const sosl = request.query.get('q')
  if (!sosl) throw noTerm()
  return ok({ searchRecords: context.org.search(context.caller, sosl) })
}

const Name = z.string().regex(/^\w+$/)
const Parameters = z.object({
  q: z.string().min(1),
  in: z.enum(['ALL', 'NAME', 'EMAIL', 'PHONE', 'SIDEBAR']).default('ALL'),
  fields: z.array(Name).default([]),
  sobjects: z
    .array(
      z.object({
        name: Name,
        fields: z.array(Name).default([]),
        where: z.string().optional(),
        limit: z.coerce.number().int().positive().optional(),
      }),
    )
    .default([]),
  overallLimit: z.coerce.number().int().positive().max(2000).optional(),
  defaultLimit: z.coerce.number().int().positive().optional(),
})

/** `GET|POST /parameterizedSearch`, turned into SOSL. */
export function runParameterizedSearch(request: RestRequest, context: RestContext): RestResponse {
  const given = request.method === 'POST' ? request.body : fromQuery(request.query)
  const parsed = Parameters.safeParse(given)
  if (!parsed.success)
    throw parsed.error.issues.some((issue) => issue.path[0] === 'q') ? noTerm() : invalid(parsed.error)
  const { q, in: scope, fields, sobjects, overallLimit, defaultLimit } = parsed.data
  const returning = sobjects.map((object) => {
    const names = object.fields.length > 0 ? object.fields : fields.length > 0 ? fields : ['Id']
    const limit = object.limit ?? defaultLimit
    return `${object.name}(${names.join(', ')}${object.where ? ` WHERE ${object.where}` : ''}${limit ? ` LIMIT ${limit}` : ''})`
  })
  const sosl = [
    `FIND {${escapeTerm(q)}} IN ${scope} FIELDS`,
    ...(returning.length > 0 ? [`RETURNING ${returning.join(', ')}`] : []),
    ...(overallLimit ? [`LIMIT ${overallLimit}`] : []),
  ].join(' ')
  return ok({ searchRecords: context.org.search(context.caller, sosl) })
}

function fromQuery(query: URLSearchParams): unknown {
  const names = query.getAll('sobject')
  const list = (key: string): string[] | undefined =>
    query
      .get(key)
      ?.split(',')
      .map((part) => part.trim())
  return {
    q: query.get('q') ?? '',
    in: query.get('in')?.toUpperCase(),
    fields: list('fields'),
    sobjects: names.map((name) => ({
      name,
      fields: list(`${name}.fields`),
      where: query.get(`${name}.where`) ?? undefined,
      limit: query.get(`${name}.limit`) ?? undefined,
    })),
    overallLimit: query.get('overallLimit') ?? undefined,
    defaultLimit: query.get('defaultLimit') ?? undefined,
  }
}

/** Wildcards keep their meaning; everything else that SOSL reserves is text. */
function escapeTerm(term: string): string {
  return term.replace(/[&|!{}[\]()^~:\\"'+-]/g, (character) => `\\${character}`)
}

function noTerm() {
  return refusal.badInput('No search term found. The search term must be enclosed in braces.', 'MALFORMED_SEARCH')
}

function invalid(error: z.ZodError) {
  return refusal.badInput(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}
