import { z } from 'zod'
import { failureOf, UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import type { OrgConnection } from './connection.ts'
import type { ExactJson } from './json.ts'

export interface Subrequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From the version root: `/sobjects/Account/001…`. */
  path: string
  referenceId: string
  body?: object
  httpHeaders?: Record<string, string>
}

export interface Subresponse {
  referenceId: string
  status: number
  body: ExactJson
}

/** A composite request takes 25 subrequests; a graph, which is always all-or-none, takes 500. */
export const COMPOSITE_SUBREQUESTS = 25

const Responses = z.array(
  z.object({ referenceId: z.string(), httpStatusCode: z.coerce.number(), body: z.custom<ExactJson>() }),
)
const Composite = z.object({ compositeResponse: Responses })
const Graphs = z.object({
  graphs: z.tuple([z.object({ graphResponse: z.object({ compositeResponse: Responses }) })]),
})

/** Reads, each on its own: one API call. */
export async function readTogether(
  connection: OrgConnection,
  subrequests: readonly Subrequest[],
  count: CallCount,
): Promise<Subresponse[]> {
  const body = { allOrNone: false, compositeRequest: subrequests.map((one) => wire(connection, one)) }
  const answer = await connection.json(post('/composite', body, false), count)
  return responsesOf(Composite.safeParse(answer), (parsed) => parsed.compositeResponse)
}

/** Writes that stand or fall together: one API call, one transaction. */
export async function writeTogether(
  connection: OrgConnection,
  subrequests: readonly Subrequest[],
  count: CallCount,
): Promise<Subresponse[]> {
  const compositeRequest = subrequests.map((one) => wire(connection, one))
  if (subrequests.length <= COMPOSITE_SUBREQUESTS) {
    const body = { allOrNone: true, compositeRequest }
    const answer = await connection.json(post('/composite', body, true), count)
    return responsesOf(Composite.safeParse(answer), (parsed) => parsed.compositeResponse)
  }
  const body = { graphs: [{ graphId: 'changeSet', compositeRequest }] }
  const answer = await connection.json(post('/composite/graph', body, true), count)
  return responsesOf(Graphs.safeParse(answer), (parsed) => parsed.graphs[0].graphResponse.compositeResponse)
}

/** The org's own error in a subresponse, when it has one. */
export function errorOf(response: Subresponse): { code: string; message: string; fields: string[] } | null {
  if (response.status < 400) return null
  const first = OrgError.safeParse(Array.isArray(response.body) ? response.body[0] : response.body)
  if (!first.success) return { code: `HTTP_${response.status}`, message: `status ${response.status}`, fields: [] }
  return { code: first.data.errorCode, message: first.data.message, fields: first.data.fields ?? [] }
}

/** Throws the subresponse's error as a ToolFailure, else gives its body. */
export function bodyOf(response: Subresponse): ExactJson {
  const error = errorOf(response)
  if (error) throw failureOf(error.code, error.message, response.status)
  return response.body
}

const OrgError = z.object({ errorCode: z.string(), message: z.string(), fields: z.array(z.string()).nullish() })

function wire(connection: OrgConnection, { method, path, referenceId, body, httpHeaders }: Subrequest): object {
  const url = `/services/data/v${connection.apiVersion}${path}`
  return { method, url, referenceId, ...(body && { body }), ...(httpHeaders && { httpHeaders }) }
}

function post(path: string, body: object, write: boolean) {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST' as const, path, body: JSON.stringify(body), headers, write }
}

function responsesOf<T>(parsed: z.ZodSafeParseResult<T>, of: (data: T) => z.infer<typeof Responses>): Subresponse[] {
  if (!parsed.success) throw new UnclearAnswer('the org answered a composite request with another shape')
  return of(parsed.data).map(({ referenceId, httpStatusCode, body }) => ({ referenceId, status: httpStatusCode, body }))
}
