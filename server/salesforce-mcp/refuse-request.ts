import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { sendJson } from './send-answer.ts'

const MALFORMED = -32700
const REFUSED = -32000

/** What the body parser found, in words that repeat nothing of the request. */
const REASONS: Record<string, string> = {
  'entity.parse.failed': 'the body is not JSON',
  'entity.too.large': 'the body is larger than 8 MB',
  'encoding.unsupported': 'the body is compressed, which is not accepted',
  'charset.unsupported': 'the body is not UTF-8',
  'request.aborted': 'the request was broken off',
  'request.size.invalid': 'the body is not as long as its header claims',
}

/** Answers with a JSON-RPC error, the form of every refusal of this door. */
export async function refuse(response: Response, status: number, message: string, code = REFUSED): Promise<void> {
  await sendJson(response, status, { jsonrpc: '2.0', error: { code, message }, id: null })
}

/** Refuses a request whose token is not right. */
export async function refuseToken(response: Response, message: string): Promise<void> {
  await refuse(response.set('WWW-Authenticate', 'Bearer realm="salesforce-mcp", error="invalid_token"'), 401, message)
}

/** Refuses a request that names another type than JSON, before its body is read. */
export const jsonOnly: RequestHandler = (request, response, next) => {
  if (request.is('application/json')) return next()
  return refuse(response, 415, 'the Content-Type is not application/json')
}

/** A body that is not the one that the token is for. */
export class ForeignBody extends Error {
  readonly type = 'body.foreign'
  readonly status = 401
}

/**
 * Answers errors of the request without stack, path or body, and logs none of them: they quote what was sent. Any other error
 * is logged by name and message.
 */
export function refuseErrors(onError: (error: Error) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    const { type, status } = error as { type?: string; status?: number }
    if (type === 'body.foreign') return refuseToken(response, 'the token is for another body')
    const reason = type === undefined ? undefined : REASONS[type]
    if (reason !== undefined) return refuse(response, status ?? 400, reason, status === 400 ? MALFORMED : REFUSED)
    if (status !== undefined && status < 500) return refuse(response, status, 'the request cannot be read')
    onError(error instanceof Error ? error : new Error(String(error)))
    return refuse(response, 500, 'salesforce-mcp failed unexpectedly; its log says how')
  }
}
