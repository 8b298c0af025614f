import { z } from 'zod'
import { OrgError } from '../../org/org.ts'
import { errorBody, refusal } from '../../wire/http/errors.ts'
import { checkVersion } from '../../wire/http/version.ts'
import { jsonOnly } from './request/blob.ts'
import { dispatchAtOnce, type RestRoute } from './request/dispatch.ts'
import { atOnce, type Pieces } from './request/pieces.ts'
import { resolveDeep, resolveText, type Answered } from './request/references.ts'
import { ok, type RestContext, type RestRequest, type RestResponse } from './request/request.ts'
import { parseTarget } from './request/target.ts'

export const SubRequest = z.object({
  method: z.string().transform((method) => method.toUpperCase()),
  url: z.string(),
  referenceId: z.string(),
  body: z.unknown().optional(),
  httpHeaders: z.record(z.string(), z.string()).default({}),
})
export type SubRequest = z.infer<typeof SubRequest>

const Composite = z.object({
  allOrNone: z.boolean().default(false),
  collateSubrequests: z.boolean().optional(),
  compositeRequest: z.array(SubRequest).min(1),
})

export interface SubResponse {
  body: unknown
  httpHeaders: Record<string, string>
  httpStatusCode: number
  referenceId: string
}

const MAX_SUBREQUESTS = 25
const MAX_QUERIES = 5

class Halted extends Error {
  readonly answers: SubResponse[]
  constructor(answers: SubResponse[]) {
    super('a sub-request failed')
    this.answers = answers
  }
}

/** `POST /composite`: up to 25 calls in order, each able to use the answers before it; one API call in all. */
export function* runComposite(routes: RestRoute[], request: RestRequest, context: RestContext): Pieces<RestResponse> {
  const { allOrNone, compositeRequest } = parseComposite(request.body)
  if (allOrNone) return answerOf(runTogether(routes, compositeRequest, context))
  return answerOf(yield* runEach(routes, compositeRequest, context, false))
}

/** Runs the calls in one transaction. When one fails nothing stays, and the others say that they were halted. */
export function runTogether(routes: RestRoute[], subs: SubRequest[], context: RestContext): SubResponse[] {
  try {
    return context.org.transaction(context.caller, () => {
      const answers = atOnce(runEach(routes, subs, { ...context, inTransaction: true }, true))
      if (answers.some(isFailure)) throw new Halted(answers)
      return answers
    })
  } catch (error) {
    if (error instanceof Halted) return haltOthers(error.answers)
    throw error
  }
}

function parseComposite(body: unknown): z.infer<typeof Composite> {
  const parsed = Composite.safeParse(body)
  if (!parsed.success) throw refusal.shape(parsed.error.issues[0]?.path ?? [])
  const { compositeRequest } = parsed.data
  if (compositeRequest.length > MAX_SUBREQUESTS) {
    throw refusal.badInput(`Limit exceeded. Maximum subrequests allowed: ${MAX_SUBREQUESTS}.`, 'LIMIT_EXCEEDED')
  }
  if (compositeRequest.filter(isQueryLike).length > MAX_QUERIES) {
    throw refusal.badInput(`Limit exceeded. Maximum query operations allowed: ${MAX_QUERIES}.`, 'LIMIT_EXCEEDED')
  }
  requireDistinct(compositeRequest)
  return parsed.data
}

/** Throws OrgError when a reference id is spelled as none may be, or two calls have the same. */
export function requireDistinct(subs: SubRequest[]): void {
  const ids = subs.map((sub) => sub.referenceId)
  const odd = ids.find((id) => !/^[A-Za-z0-9]\w*$/.test(id))
  if (odd !== undefined) {
    const rule = "must start with a letter or a number, and it can contain only letters, numbers and underscores ('_')."
    throw refusal.badInput(`Provided referenceId ('${odd}') ${rule}`)
  }
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated) throw refusal.badInput(`Duplicate ReferenceId provided in the request: ${repeated}`, 'DUPLICATE_VALUE')
}

function isQueryLike(sub: SubRequest): boolean {
  return /\/services\/data\/v\d+\.\d+\/(query|queryAll|composite\/sobjects)\b/.test(sub.url)
}

/** Stops at the first failure when all must succeed; the rest then has no answer yet. */
function* runEach(
  routes: RestRoute[],
  subs: SubRequest[],
  context: RestContext,
  stopAtFailure: boolean,
): Pieces<SubResponse[]> {
  const answered = new Map<string, unknown>()
  const answers: SubResponse[] = []
  for (const sub of subs) {
    const stopped = stopAtFailure && answers.some(isFailure)
    const answer = stopped ? halted(sub.referenceId) : runOne(routes, sub, answered, context)
    answers.push(answer)
    if (answer.httpStatusCode < 300) answered.set(sub.referenceId, answer.body)
    yield
  }
  return answers
}

function runOne(routes: RestRoute[], sub: SubRequest, answered: Answered, context: RestContext): SubResponse {
  try {
    const target = parseTarget(resolveText(sub.url, answered))
    if (!target || (target.segments[0] === 'composite' && target.segments[1] !== 'sobjects')) {
      throw refusal.badInput(`The url '${sub.url}' is not supported in a composite request`)
    }
    checkVersion(target.version)
    const caller = { ...context.caller, version: target.version }
    const headers = Object.fromEntries(Object.entries(sub.httpHeaders).map(([name, v]) => [name.toLowerCase(), v]))
    const request = {
      method: sub.method,
      segments: target.segments,
      query: target.query,
      body: resolveDeep(sub.body, answered),
      headers,
    }
    const response = dispatchAtOnce(routes, request, { ...context, caller, base: target.base })
    return {
      body: jsonOnly(response),
      httpHeaders: response.headers ?? {},
      httpStatusCode: response.status,
      referenceId: sub.referenceId,
    }
  } catch (error) {
    if (!(error instanceof OrgError)) throw error
    return failure(error, sub.referenceId)
  }
}

function failure(error: OrgError, referenceId: string): SubResponse {
  return { body: errorBody(error.body), httpHeaders: {}, httpStatusCode: error.body.status, referenceId }
}

/** A collection that was rolled back answers 200 with failed rows: within all-or-none that counts as a failure. */
export function isFailure(answer: SubResponse): boolean {
  if (answer.httpStatusCode >= 300) return true
  return Array.isArray(answer.body) && answer.body.some(isRolledBackRow)
}

function isRolledBackRow(row: unknown): boolean {
  return JSON.stringify(row)?.includes('"ALL_OR_NONE_OPERATION_ROLLED_BACK"') ?? false
}

function haltOthers(answers: SubResponse[]): SubResponse[] {
  return answers.map((answer) => (isFailure(answer) ? answer : halted(answer.referenceId)))
}

function halted(referenceId: string): SubResponse {
  const error = new OrgError({
    status: 400,
    errorCode: 'PROCESSING_HALTED',
    message: 'The transaction was rolled back since another operation in the same transaction failed.',
  })
  return failure(error, referenceId)
}

function answerOf(compositeResponse: SubResponse[]): RestResponse {
  return ok({ compositeResponse })
}
