import { Connection } from 'jsforce'
import { failureOf, ToolFailure, UnclearAnswer } from '../failure/failure.ts'
import type { CallCount } from './calls.ts'
import { parseExact, type ExactJson } from './json.ts'
import { signIn, type OrgUser, type Session } from './token.ts'

interface ConnectionSettings {
  orgId: string
  loginUrl: string
  audience: string
  apiVersion: string
  user: OrgUser
  now: () => Date
  readDeadlineMs: number
  writeDeadlineMs: number
}

interface OrgRequest {
  method: 'GET' | 'POST'
  /** From the version root (`/query?q=…`) or from the host root (`/services/…`). */
  path: string
  body?: string | ((accessToken: string) => string)
  headers?: Record<string, string>
  /** Writes get the longer deadline, and an answer that never came is an UnclearAnswer. */
  write: boolean
  /** Describe calls are cached across runs and counted apart. */
  overhead?: boolean
}

/**
 * One org user's way to the org: signs in when needed, once more when the session has ended, and repeats nothing else.
 * jsforce's own refreshing repeats without end and its retries re-send, so both are off.
 */
export class OrgConnection {
  readonly #settings: ConnectionSettings
  #session: Promise<Session> | null = null

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  get apiVersion(): string {
    return this.#settings.apiVersion
  }

  get writeDeadlineMs(): number {
    return this.#settings.writeDeadlineMs
  }

  now(): Date {
    return this.#settings.now()
  }

  /** The user of this connection; signs in when needed. Throws `refused` when the org is not the configured one. */
  async session(): Promise<Session> {
    this.#session ??= this.#open()
    try {
      return await this.#session
    } catch (error) {
      this.#session = null
      throw error
    }
  }

  /** The answer's text. Throws ToolFailure; a session that ended is renewed once, since the org did nothing then. */
  async send(request: OrgRequest, count: CallCount): Promise<string> {
    const session = await this.session()
    try {
      return await this.#once(session, request, count)
    } catch (error) {
      if (!(error instanceof ToolFailure) || error.code !== 'expired-session') throw error
      this.#session = null
      return this.#once(await this.session(), request, count)
    }
  }

  /** The answer as JSON whose numbers are text. */
  async json(request: OrgRequest, count: CallCount): Promise<ExactJson> {
    const text = await this.send(request, count)
    try {
      return parseExact(text)
    } catch (cause) {
      throw new UnclearAnswer('the org answered with something that is not JSON', cause)
    }
  }

  async #open(): Promise<Session> {
    const { orgId, loginUrl, audience, user, now, readDeadlineMs } = this.#settings
    const session = await signIn({ loginUrl, audience, user, now: now(), deadlineMs: readDeadlineMs })
    if (session.orgId !== orgId) {
      throw new ToolFailure('refused', `the org behind the sign-in is ${session.orgId}, not ${orgId} (ORG_ID)`)
    }
    return session
  }

  async #once(session: Session, request: OrgRequest, count: CallCount): Promise<string> {
    if (request.overhead) count.addOverhead()
    else count.add()
    const { accessToken, instanceUrl } = session
    const { apiVersion, readDeadlineMs, writeDeadlineMs } = this.#settings
    const connection = new Connection({
      instanceUrl,
      accessToken,
      version: apiVersion,
      callOptions: { client: 'missions' },
    })
    const { method, path, headers } = request
    const body = typeof request.body === 'function' ? request.body(accessToken) : request.body
    const deadlineMs = request.write ? writeDeadlineMs : readDeadlineMs
    const options = { responseType: 'text/plain', retry: { maxRetries: 0 }, timeout: deadlineMs, followRedirect: false }
    const sent = connection.request<string | undefined>({ method, url: path, body, headers: { ...headers } }, options)
    try {
      return (await beforeDeadline(sent, deadlineMs)) ?? ''
    } catch (error) {
      throw explained(error)
    }
  }
}

/** jsforce's own timeout ends with the headers; a body that never ends must not hold a run. */
async function beforeDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new UnclearAnswer(`no answer within ${deadlineMs / 1000} s`)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function explained(error: unknown): ToolFailure {
  if (error instanceof ToolFailure) return error
  const { errorCode, message } = error as { errorCode?: unknown; message?: unknown }
  const status = /^ERROR_HTTP_(\d{3})$/.exec(String(errorCode))?.[1]
  if (!status) return new UnclearAnswer(`the org cannot be reached or cut the connection: ${String(message)}`, error)
  return answered(Number(status), String(message))
}

/** A gateway's page proves nothing about what the org did; an org's own error document does. */
function answered(status: number, text: string): ToolFailure {
  const fault = soapFault(text) ?? restError(text)
  if (fault) return failureOf(fault.code, fault.message, status)
  if (status === 401) return failureOf('INVALID_SESSION_ID', 'the session has ended', status)
  if (status >= 500) return new UnclearAnswer(`the org answered with status ${status}`)
  return failureOf(`HTTP_${status}`, `the org answered with status ${status}`, status)
}

function restError(text: string): { code: string; message: string } | null {
  try {
    const first: unknown = (JSON.parse(text) as unknown[])[0]
    const { errorCode, message } = first as { errorCode?: unknown; message?: unknown }
    return typeof errorCode === 'string' ? { code: errorCode, message: String(message ?? errorCode) } : null
  } catch {
    return null
  }
}

function soapFault(text: string): { code: string; message: string } | null {
  const code = /<faultcode>([^<]+)<\/faultcode>/.exec(text)?.[1]
  const message = /<faultstring>([^<]*)<\/faultstring>/.exec(text)?.[1]
  return code ? { code, message: message ?? code } : null
}
