import { randomInt } from 'node:crypto'
import type { Response } from 'express'
import { OrgError, type OrgErrorBody } from '../../org/org.ts'
import { jsonText } from './json-text.ts'

/** One entry of the error array that the REST API answers with. */
export interface RestErrorEntry {
  message: string
  errorCode: string
  fields?: string[]
  [extra: string]: unknown
}

export function errorEntry(body: OrgErrorBody): RestErrorEntry {
  return {
    message: body.message,
    errorCode: body.errorCode,
    ...(body.fields ? { fields: body.fields } : {}),
    ...body.extra,
  }
}

/** Sends the array of errors a REST client expects. */
export function sendError(res: Response, body: OrgErrorBody): void {
  res.status(body.status)
  if (body.status === 401) res.set('WWW-Authenticate', 'Token')
  const entries = errorBody(body)
  if (entries) sendJson(res, entries)
  else res.end()
}

/** The body of a refusal: null for a failed precondition, of which the status says all. */
export const errorBody = (body: OrgErrorBody): RestErrorEntry[] | null =>
  body.status === 412 ? null : [errorEntry(body)]

/** JSON as an org sends it: jsforce decides how to parse by this exact media type. */
export function sendJson(res: Response, value: unknown): void {
  res.set('Content-Type', 'application/json;charset=UTF-8')
  res.end(jsonText(value, res.req.get('X-PrettyPrint') === '1'))
}

export const refusal = {
  notFound: (message = 'The requested resource does not exist'): OrgError =>
    new OrgError({ status: 404, errorCode: 'NOT_FOUND', message }),
  badSession: (message = 'Session expired or invalid'): OrgError =>
    new OrgError({ status: 401, errorCode: 'INVALID_SESSION_ID', message }),
  badAuthHeader: (): OrgError =>
    new OrgError({ status: 401, errorCode: 'INVALID_AUTH_HEADER', message: 'INVALID_HEADER_TYPE' }),
  method: (used: string, allowed: string[]): OrgError =>
    new OrgError({
      status: 405,
      errorCode: 'METHOD_NOT_ALLOWED',
      message: `HTTP Method '${used}' not allowed. Allowed are ${[...allowed].sort().join(',')}`,
    }),
  badJson: (message: string): OrgError => new OrgError({ status: 400, errorCode: 'JSON_PARSER_ERROR', message }),
  badInput: (message: string, errorCode = 'INVALID_INPUT'): OrgError =>
    new OrgError({ status: 400, errorCode, message }),
  noQuery: (): OrgError =>
    new OrgError({ status: 400, errorCode: 'MALFORMED_QUERY', message: 'A query string has to be specified' }),
  /** A body that is JSON of another shape than the resource takes; `where` is the path of the first part that is wrong. */
  shape: (where: readonly PropertyKey[]): OrgError =>
    refusal.badJson(
      where.length === 0
        ? 'Can not deserialize the request body at [line:1, column:1]'
        : `Required field '${where.join('.')}' is missing or of another type at [line:1, column:1]`,
    ),
  mediaType: (): OrgError =>
    new OrgError({
      status: 415,
      errorCode: 'UNSUPPORTED_MEDIA_TYPE',
      message: 'Content type is not supported. Supported type is application/json',
    }),
  tooLarge: (): OrgError =>
    new OrgError({ status: 413, errorCode: 'REQUEST_ENTITY_TOO_LARGE', message: 'The request body is too large' }),
  retired: (message: string): OrgError => new OrgError({ status: 410, errorCode: 'GONE', message }),
  origin: (origin: string): OrgError =>
    new OrgError({
      status: 403,
      errorCode: 'INSUFFICIENT_ACCESS',
      message: `The origin ${origin} is not in the CORS allowlist`,
    }),
  uriTooLong: (): OrgError =>
    new OrgError({ status: 414, errorCode: 'URI_TOO_LONG', message: 'The request URI is too long' }),
  headersTooLong: (): OrgError =>
    new OrgError({ status: 431, errorCode: 'REQUEST_HEADERS_TOO_LARGE', message: 'The request headers are too large' }),
  limit: (): OrgError =>
    new OrgError({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }),
  unavailable: (): OrgError =>
    new OrgError({ status: 503, errorCode: 'SERVER_UNAVAILABLE', message: 'Cannot connect to server' }),
  locked: (id: string | null): OrgError =>
    new OrgError({
      status: 400,
      errorCode: 'UNABLE_TO_LOCK_ROW',
      message: `unable to obtain exclusive access to this record or 1 records${id ? `: ${id}` : ''}`,
      fields: [],
    }),
  unexpected: (): OrgError =>
    new OrgError({
      status: 500,
      errorCode: 'UNKNOWN_EXCEPTION',
      message: `An unexpected error occurred. Please include this ErrorId if you contact support: ${errorId()}`,
    }),
}

/** Names one failure, as an org's support wants to hear it: `123456789-12345 (-1234567890)`. */
const errorId = (): string =>
  `${randomInt(100_000_000, 2_000_000_000)}-${randomInt(1_000, 999_999)} (${randomInt(-2_147_483_648, 2_147_483_647)})`
