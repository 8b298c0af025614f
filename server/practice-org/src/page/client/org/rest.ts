import { renewSession, session } from './session.ts'

const ROOT = '/services/data/v66.0'

/** One entry of the error array an org answers with. */
export interface OrgFault {
  message: string
  errorCode: string
  fields?: string[]
}

/** The org refused a request; `faults` are its own words. */
export class OrgRefusal extends Error {
  override readonly name = 'OrgRefusal'
  readonly status: number
  readonly faults: OrgFault[]
  constructor(status: number, faults: OrgFault[]) {
    super(faults.map((fault) => fault.message).join(' ') || `The org answered ${status}`)
    this.status = status
    this.faults = faults
  }
}

/** A record as REST gives it: scalars, and nested objects for parents. */
export type OrgRecord = { Id?: string; attributes?: { type: string } } & Record<string, unknown>

export interface QueryAnswer {
  totalSize: number
  records: OrgRecord[]
}

/** Asks the org as the signed-in user, below `/services/data/v66.0`; signs in again once if the token has expired. Throws OrgRefusal. */
export async function ask<T>(path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
  const answer = await authorized(ROOT + path, init)
  if (answer.status === 204) return undefined as T
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new OrgRefusal(answer.status, Array.isArray(body) ? (body as OrgFault[]) : [])
  return body as T
}

/** Sends one request with the user's token, and once more with a new token after a 401. */
export async function authorized(path: string, init: { method?: string; body?: unknown } = {}): Promise<Response> {
  const send = (token: string): Promise<Response> =>
    fetch(path, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: init.body === undefined ? undefined : JSON.stringify(init.body),
    })
  const answer = await send(session().token)
  return answer.status === 401 ? send((await renewSession()).token) : answer
}

/** Runs one SOQL query; first page only. */
export function query(soql: string): Promise<QueryAnswer> {
  return ask<QueryAnswer>(`/query?q=${encodeURIComponent(soql)}`)
}

/** A text as a SOQL string literal; with `like` its wildcards are taken literally too. */
export function literal(text: string, like = false): string {
  const escaped = text.replace(/[\\']/g, '\\$&')
  return `'${like ? `%${escaped.replace(/[%_]/g, '\\$&')}%` : escaped}'`
}
