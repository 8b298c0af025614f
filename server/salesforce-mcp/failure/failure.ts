import type { ToolError } from '../../contract/tool-error.ts'

const RETRYABLE = new Set<ToolError['code']>([
  'unavailable',
  'limit',
  'locked',
  'expired-session',
  'stopped',
  'contained',
  'too-late',
  'too-early',
  'too-many',
  'inactive',
])

interface Options {
  orgCode?: string
  cause?: unknown
  waiting?: NonNullable<ToolError['waiting']>
  isBreach?: boolean
  until?: string
}

/** The answer of a tool with `isError`; `retryable` means that asking again later may help, and will write nothing twice. */
export class ToolFailure extends Error {
  readonly code: ToolError['code']
  readonly orgCode: string | null
  readonly retryable: boolean
  readonly waiting: ToolError['waiting']
  /** No honest brain asks for it. */
  readonly isBreach: boolean
  readonly until: string | null

  constructor(code: ToolError['code'], message: string, options: Options = {}) {
    super(message, { cause: options.cause })
    this.name = 'ToolFailure'
    this.code = code
    this.orgCode = options.orgCode ?? null
    this.waiting = options.waiting ?? null
    this.isBreach = options.isBreach ?? false
    this.until = options.until ?? null
    this.retryable = RETRYABLE.has(code)
  }

  toError(): ToolError {
    const { code, message, orgCode, retryable, waiting, isBreach, until } = this
    return {
      code,
      message,
      orgCode,
      retryable,
      ...(until !== null && { until }),
      ...(waiting && { waiting }),
      ...(isBreach && { breach: true }),
    }
  }
}

/** The answer to a request never came, or came damaged: what it asked for may or may not have happened. */
export class UnclearAnswer extends ToolFailure {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, { cause })
    this.name = 'UnclearAnswer'
  }
}

const BY_ORG_CODE: Record<string, ToolError['code']> = {
  REQUEST_LIMIT_EXCEEDED: 'limit',
  EXCEEDED_QUOTA: 'limit',
  TXN_SECURITY_METERING_ERROR: 'limit',
  UNABLE_TO_LOCK_ROW: 'locked',
  ENTITY_IS_LOCKED: 'locked',
  SERVER_UNAVAILABLE: 'unavailable',
  UNKNOWN_EXCEPTION: 'unavailable',
  QUERY_TIMEOUT: 'unavailable',
  REQUEST_RUNNING_TOO_LONG: 'unavailable',
  INVALID_SESSION_ID: 'expired-session',
  INVALID_AUTH_HEADER: 'expired-session',
  NOT_FOUND: 'not-found',
  ENTITY_IS_DELETED: 'not-found',
  MALFORMED_QUERY: 'bad-request',
  MALFORMED_ID: 'bad-request',
  MALFORMED_SEARCH: 'bad-request',
  INVALID_FIELD: 'bad-request',
  INVALID_TYPE: 'bad-request',
  JSON_PARSER_ERROR: 'bad-request',
}

/** The tool error for an org's error code; codes of no special meaning are by HTTP status, `refused` below 500. */
export function failureOf(orgCode: string, message: string, status = 400): ToolFailure {
  const plain = orgCode.replace(/^\w+:/, '')
  const code = BY_ORG_CODE[plain] ?? (status >= 500 || status === 420 || status === 429 ? 'unavailable' : 'refused')
  return new ToolFailure(code, message, { orgCode: plain })
}
