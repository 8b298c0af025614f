// A search by parameters instead of SOSL.

import { z } from 'zod'
import { refusal } from '../../../wire/http/errors.ts'
import { describedFields } from '../../../wire/rows/row.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from '../request/request.ts'
import { noTerm } from './search.ts'

const MOST = 2000
const Name = z.string().regex(/^\w+$/)
/** A field, a path to one, or a function of one. */
const FieldName = z.string().regex(/^\w+(\.\w+)*$|^(toLabel|format|convertCurrency)\([\w.]+\)$/i)
const Limit = z.coerce.number().int().positive().max(MOST)
const Flag = z.union([z.boolean(), z.stringbool()])

/** Accepted, and without meaning here: networks, divisions and price books that this org lacks, and counts it does not keep. */
const IDLE = {
  division: z.string().optional(),
  netWorkIds: z.array(z.string()).optional(),
  pricebookId: z.string().optional(),
  snippet: z.unknown().optional(),
  spellCorrection: Flag.optional(),
  updateTracking: Flag.optional(),
  updateViewStat: Flag.optional(),
}

const Parameters = z.object({
  q: z.string().trim().min(1),
  in: z
    .string()
    .transform((group) => group.toUpperCase())
    .pipe(z.enum(['ALL', 'NAME', 'EMAIL', 'PHONE', 'SIDEBAR']))
    .default('ALL'),
  fields: z.array(FieldName).default([]),
  sobjects: z
    .array(
      z.object({
        name: Name,
        fields: z.array(FieldName).optional(),
        where: z.string().optional(),
        orderBy: z.string().optional(),
        limit: Limit.optional(),
      }),
    )
    .default([]),
  overallLimit: Limit.optional(),
  defaultLimit: Limit.optional(),
  offset: z.coerce.number().int().nonnegative().max(MOST).optional(),
  metadata: z.literal('LABELS').optional(),
  dataCategory: z.string().optional(),
  dataCategories: z.array(z.unknown()).optional(),
  ...IDLE,
})
type Parameters = z.infer<typeof Parameters>

/** `GET|POST /parameterizedSearch`, turned into SOSL. */
export function runParameterizedSearch(request: RestRequest, context: RestContext): RestResponse {
  const given = request.method === 'POST' ? request.body : fromQuery(request.query)
  const parsed = Parameters.safeParse(given)
  if (!parsed.success) {
    throw parsed.error.issues.some((issue) => issue.path[0] === 'q') ? noTerm() : invalid(parsed.error)
  }
  const search = parsed.data
  if (search.dataCategory !== undefined || search.dataCategories !== undefined) throw noKnowledge()
  if (search.sobjects.length === 0 && (search.fields.length > 0 || search.defaultLimit !== undefined)) {
    throw refusal.badInput('sobject must be specified', 'MISSING_ARGUMENT')
  }
  if (search.offset !== undefined && search.sobjects.length !== 1) {
    throw refusal.badInput('offset can be used with one sobject alone', 'MALFORMED_SEARCH')
  }
  const searchRecords = context.org.search(context.caller, soslOf(search))
  return ok({ searchRecords, ...(search.metadata ? { metadata: labelsOf(search, context) } : {}) })
}

function soslOf({ q, in: scope, fields, sobjects, overallLimit, defaultLimit, offset }: Parameters): string {
  const returning = sobjects.map((object) => {
    const names = object.fields ?? (fields.length > 0 ? fields : ['Id'])
    const limit = object.limit ?? defaultLimit
    const clauses = [
      names.join(', '),
      ...(object.where ? [`WHERE ${object.where}`] : []),
      ...(object.orderBy ? [`ORDER BY ${object.orderBy}`] : []),
      ...(limit ? [`LIMIT ${limit}`] : []),
      ...(offset ? [`OFFSET ${offset}`] : []),
    ]
    return `${object.name}(${clauses.join(' ')})`
  })
  return [
    `FIND {${escapeTerm(q)}} IN ${scope} FIELDS`,
    ...(returning.length > 0 ? [`RETURNING ${returning.join(', ')}`] : []),
    ...(overallLimit ? [`LIMIT ${overallLimit}`] : []),
  ].join(' ')
}

/** The labels of what was asked for, so that a client can lay out a table without describing. */
function labelsOf({ sobjects, fields }: Parameters, { org, caller }: RestContext) {
  const entityMetadata = sobjects.map((object) => {
    const wanted = (object.fields ?? fields).map((name) => name.toLowerCase())
    const described = describedFields(org, caller, object.name).filter((field) =>
      wanted.includes(field.name.toLowerCase()),
    )
    return { entityName: object.name, fieldMetadata: described.map(({ name, label }) => ({ name, label })) }
  })
  return { entityMetadata }
}

function fromQuery(query: URLSearchParams): unknown {
  const names = query.getAll('sobject')
  const list = (key: string): string[] | undefined =>
    query
      .get(key)
      ?.split(',')
      .map((part) => part.trim())
  const text = (key: string): string | undefined => query.get(key) ?? undefined
  const single = ['in', 'overallLimit', 'defaultLimit', 'offset', 'metadata', 'dataCategory', ...Object.keys(IDLE)]
  return {
    ...Object.fromEntries(single.map((key) => [key, text(key)])),
    q: query.get('q') ?? '',
    fields: list('fields'),
    netWorkIds: list('netWorkIds'),
    sobjects: names.map((name) => ({
      name,
      fields: list(`${name}.fields`),
      where: text(`${name}.where`),
      orderBy: text(`${name}.orderBy`),
      limit: text(`${name}.limit`),
    })),
  }
}

/** Wildcards keep their meaning; everything else that SOSL reserves is text. */
function escapeTerm(term: string): string {
  return term.replace(/[&|!{}[\]()^~:\\"'+-]/g, (character) => `\\${character}`)
}

/** Categories sort articles, which this org has none of. */
function noKnowledge() {
  return refusal.badInput('Data categories are not supported in this organization', 'MALFORMED_SEARCH')
}

function invalid(error: z.ZodError) {
  return refusal.badInput(error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}
