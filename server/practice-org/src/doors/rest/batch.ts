import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import { errorBody, refusal } from '../../wire/http/errors.ts'
import { checkVersion } from '../../wire/http/version.ts'
import { jsonOnly, namedFile } from './request/blob.ts'
import { dispatchAtOnce, type RestRoute } from './request/dispatch.ts'
import type { Pieces } from './request/pieces.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'
import { parseTarget } from './request/target.ts'

export const Batch = z.object({
  haltOnError: z.boolean().default(false),
  batchRequests: z
    .array(
      z.object({
        method: z.string().transform((method) => method.toUpperCase()),
        url: z.string(),
        richInput: z.unknown().optional(),
        binaryPartName: z.string().optional(),
        binaryPartNameAlias: z.string().optional(),
      }),
    )
    .min(1),
})

const MAX_SUBREQUESTS = 25

interface SubResult {
  statusCode: number
  result: unknown
}

/** `POST /composite/batch`: independent calls; each counts as an API call of its own. */
export function* runBatch(routes: RestRoute[], request: RestRequest, context: RestContext): Pieces<RestResponse> {
  const parsed = Batch.safeParse(request.body)
  if (!parsed.success) throw refusal.shape(parsed.error.issues[0]?.path ?? [])
  const { batchRequests, haltOnError } = parsed.data
  if (batchRequests.length > MAX_SUBREQUESTS) {
    throw refusal.badInput(`Limit exceeded. Maximum subrequests allowed: ${MAX_SUBREQUESTS}.`, 'LIMIT_EXCEEDED')
  }
  const results: SubResult[] = []
  for (const sub of batchRequests) {
    const halt = haltOnError && results.some(isFailure)
    results.push(halt ? HALTED : runOne(routes, sub, request, context))
    yield
  }
  return ok({ hasErrors: results.some(isFailure), results })
}

const HALTED: SubResult = {
  statusCode: 412,
  result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
}

function isFailure(result: SubResult): boolean {
  return result.statusCode >= 400
}

function runOne(
  routes: RestRoute[],
  sub: z.infer<typeof Batch>['batchRequests'][number],
  request: RestRequest,
  context: RestContext,
): SubResult {
  try {
    const target = parseTarget(absolute(sub.url))
    if (!target || target.segments[0] === 'composite') throw refusal.notFound()
    const { segments, query, version, base } = target
    checkVersion(version)
    const response = dispatchAtOnce(
      routes,
      {
        method: sub.method,
        segments,
        query,
        body: sub.richInput,
        files: namedFile(request, sub),
        headers: request.headers,
      },
      { ...context, caller: { ...context.caller, version }, base },
    )
    return { statusCode: response.status, result: jsonOnly(response) }
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    return { statusCode: error.body.status, result: errorBody(error.body) }
  }
}

/** Batch URLs are relative to `/services/data/`; full paths are taken too. */
function absolute(url: string): string {
  return url.startsWith('/services/data/') ? url : `/services/data/${url.replace(/^\//, '')}`
}
