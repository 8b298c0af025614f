// Maps each refusal of the brain to a problem document (RFC 9457). No internal detail leaves the process.
import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import type { ConflictKind, Problem, ProblemType } from '../../../contract/problem.ts'
import {
  BrainError,
  Conflict,
  ContentsErased,
  Forbidden,
  IllegalTransition,
  InvalidInput,
  NotFound,
  ReplayTooLong,
  SalesforceError,
  Stale,
  SwitchNotThrown,
} from '../../domain/errors.ts'
import type { HttpMetrics } from './metrics.ts'
import type { RefusalStreaks } from './refusal-streaks.ts'
import { isDatabaseAway } from './database-away.ts'

/** The request carries no valid token. */
export class Unauthenticated extends BrainError {
  readonly code = 'unauthenticated'
}

/** The request was refused before it was parsed: wrong host, origin, type or size. */
export class Refused extends BrainError {
  readonly code = 'refused'
  readonly status: number
  readonly title: string
  constructor(status: number, title: string, message: string) {
    super(message)
    this.status = status
    this.title = title
  }
}

const problem = (code: string, status: number, title: string, detail: string, more: object = {}): Problem => ({
  type: `urn:missions:problem:${code}` satisfies ProblemType<string>,
  title,
  status,
  detail,
  ...more,
})

const CONFLICT_TITLES: Record<ConflictKind, string> = {
  'key-reused': 'Idempotency-Key already used',
  'already-active': 'Already active',
  'already-answered': 'Already answered',
  'already-erased': 'Already erased',
  'already-withdrawn': 'Already withdrawn',
  expired: 'Expired',
  'not-signed': 'Not signed yet',
  'not-undoable': 'Cannot be undone',
  'run-active': 'A run is active',
  'writing-begun': 'Writing has begun',
  'wrong-status': 'Not possible in this status',
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Unauthenticated) return problem(error.code, 401, 'Sign in again', sentence(error.message))
  if (error instanceof NotFound) return problem(error.code, 404, 'Not found', `There is ${error.message}.`)
  if (error instanceof Forbidden)
    return problem(error.code, 403, 'Not allowed', `${error.message} Missing: ${error.missing}.`, {
      missing: error.missing,
    })
  if (error instanceof InvalidInput)
    return problem(error.code, 400, 'Not understood', sentence(error.message), { issues: error.issues })
  if (error instanceof Stale) {
    const { version, digest } = error
    return problem(error.code, 409, 'Out of date', error.message, { version, digest })
  }
  if (error instanceof ContentsErased)
    return problem(error.code, 410, 'Erased', sentence(error.message), error.told ? { erased: error.told } : {})
  if (error instanceof Conflict) return problem(error.kind, 409, CONFLICT_TITLES[error.kind], sentence(error.message))
  if (error instanceof IllegalTransition)
    return problem('wrong-status', 409, CONFLICT_TITLES['wrong-status'], sentence(error.message))
  if (error instanceof Refused) return problem(error.code, error.status, error.title, sentence(error.message))
  if (error instanceof SalesforceError) return salesforceProblem(error)
  if (error instanceof SwitchNotThrown) return switchProblem(error)
  if (error instanceof ReplayTooLong)
    return problem(error.code, 503, 'Takes too long', `${sentence(error.message)} Its record is unchanged.`)
  const refused = parserProblem(error)
  if (refused) return refused
  const unknown = 'It is not known whether this request was carried out'
  if (isDatabaseAway(error))
    return problem('database-away', 503, 'The database does not answer', `${unknown}. Look again in a moment.`)
  return problem('internal', 500, 'Something went wrong', `${unknown}.`)
}

function salesforceProblem({ error: { code, retryable } }: SalesforceError): Problem {
  const detail = 'Salesforce cannot be asked right now, so nothing was shown or changed. Try again.'
  if (retryable) return problem('salesforce', 503, 'Salesforce does not answer', detail, { reason: code })
  return problem('salesforce', 502, 'Salesforce refused', 'Salesforce refused what this needs.', { reason: code })
}

function switchProblem({ code, message, stopped }: SwitchNotThrown): Problem {
  const detail = stopped
    ? `No new write begins, but one under way may still send its next request: ${message}. Stop it again, or end salesforce-mcp.`
    : `Writes stay stopped: ${message}. Try again.`
  return problem(code, 503, stopped ? 'Stopped here only' : 'Still stopped', detail)
}

/** Errors of express and its body parser. */
function parserProblem(error: unknown): Problem | null {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : null
  if (type === 'entity.too.large') return problem('too-large', 413, 'Too large', 'A request body may have 64 kB.')
  if (type === 'entity.parse.failed') return problem('invalid-input', 400, 'Not understood', 'The body is not JSON.')
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return problem('unsupported-type', 415, 'Wrong type', 'Send JSON in UTF-8.')
  if (error instanceof URIError) return problem('invalid-input', 400, 'Not understood', 'The path is not well encoded.')
  if (type === 'request.aborted' || type === 'request.size.invalid')
    return problem('invalid-input', 400, 'Not understood', 'The body did not arrive whole.')
  return isOfClient(error) ? problem('invalid-input', 400, 'Not understood', 'The body cannot be read.') : null
}

/** Any other error of the body parser that the request causes, e.g. a body that cannot be decompressed. */
const isOfClient = (error: unknown): boolean => error instanceof Error && 'expose' in error && error.expose === true

const sentence = (text: string) => {
  const start = `${text.charAt(0).toUpperCase()}${text.slice(1)}`
  return /[.!?]$/.test(start) ? start : `${start}.`
}

function sendProblem(response: Response, body: Problem): void {
  if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="missions"')
  if (body.status === 503) response.setHeader('Retry-After', '5')
  response.status(body.status).type('application/problem+json').send(JSON.stringify(body))
}

/** What a rule refuses, rather than what is not there or was not understood. */
const REFUSED_BY_RULE: ReadonlySet<number> = new Set([401, 403, 409, 410, 413, 415, 421, 429])

/** Statuses of a probe: ids that the user may not see and malformed requests count too, an answer that came too late does not. */
const PROBED: ReadonlySet<number> = new Set([400, 403, 404, 413, 415, 421])

interface RefusalDeps {
  log: Logger
  counts: Pick<HttpMetrics, 'refusals' | 'probing'>
  streaks: RefusalStreaks
}

interface Refusal {
  door: 'http' | 'mcp'
  /** Route or tool. */
  what: string
  userId: string | null
  error: unknown
  problem: Problem
}

/** One line and one count for each refusal by a rule, with user and rule, and for each streak of one user; nothing of what was sent. */
export function reportRefusal(
  { log, counts, streaks }: RefusalDeps,
  { door, what, userId, error, problem: { status, type } }: Refusal,
): void {
  const probed = userId !== null && PROBED.has(status) ? streaks.refused(userId, what) : null
  if (probed) {
    counts.probing.inc({ door })
    log.warn({ event: 'probing', door, userId, what: probed }, 'a user was refused again and again')
  }
  if (!REFUSED_BY_RULE.has(status)) return
  const rule = type.replace('urn:missions:problem:', '')
  counts.refusals.inc({ door, rule })
  const missing = error instanceof Forbidden ? error.missing : undefined
  log.warn({ event: 'refusal', door, what, userId, status, rule, missing }, 'refused')
}

/** The last handler: one answer per error, and a log line for an unexpected one. */
export function problemHandler(deps: RefusalDeps, userOf: (request: object) => string | null): ErrorRequestHandler {
  const { log } = deps
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const body = problemOf(error)
    // Messages may hold values of records: only the error's kind and place are logged.
    if (body.status >= 500) log.error({ path: request.route?.path ?? '', ...placeOf(error) }, 'request failed')
    const what = `${request.method} ${request.route?.path ?? ''}`
    reportRefusal(deps, { door: 'http', what, userId: userOf(request), error, problem: body })
    sendProblem(response, body)
  }
}

function placeOf(error: unknown): { error: string; at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    error: error.name === 'Error' ? error.constructor.name : error.name,
    at: frames.slice(0, 4).join(' ').trim(),
  }
}
